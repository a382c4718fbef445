using EdgeProxy.Core.Text;
using EdgeProxy.Definitions;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Settings;

/// <summary>Everything configured about a node, checked and with defaults filled in. Times are in nanoseconds, sizes in bytes.</summary>
internal sealed record NodeSettings
{
    /// <summary>At least one.</summary>
    public required IReadOnlyList<ListenerSettings> Listeners { get; init; }

    public required AdminSettings Admin { get; init; }

    /// <summary>Names by which the admin listener answers on loopback, beside addresses and <c>localhost</c>.</summary>
    public IReadOnlyList<string> AdminHosts { get; init; } = [];

    /// <summary>Keys that requests to the admin listener may be signed with.</summary>
    public IReadOnlyList<AdminCredential> AdminCredentials { get; init; } = [];

    /// <summary>How many data loops; null for one a core.</summary>
    public required int? Loops { get; init; }

    public required LoopBackend LoopBackend { get; init; }

    /// <summary>Where the node remembers things; null for nowhere.</summary>
    public required string? Data { get; init; }

    public required LimitSettings Limits { get; init; }

    public required TimeoutSettings Timeouts { get; init; }

    public required ConnectionSettings Connections { get; init; }

    public required Http2Options Http2 { get; init; }

    public required UpstreamSettings Upstream { get; init; }

    public required UpstreamTlsSettings UpstreamTls { get; init; }

    /// <summary>What VPC links stand for.</summary>
    public required IReadOnlyList<VpcLinkSettings> VpcLinks { get; init; }

    public required TlsSettings Tls { get; init; }

    /// <summary>What is said of custom domains; the APIs name the domains they are served by themselves.</summary>
    public required IReadOnlyList<DomainSettings> Domains { get; init; }

    /// <summary>Functions and where they run.</summary>
    public required LambdaSettings Lambda { get; init; }

    public required DesyncMode Desync { get; init; }

    public required DotSegments DotSegments { get; init; }

    public required bool RejectUnderscore { get; init; }

    public required CidrSet TrustedProxies { get; init; }

    public required CompressionSettings Compression { get; init; }

    public required ValidationSettings Validation { get; init; }

    public required NodeCacheSettings Cache { get; init; }

    public required OverloadSettings Overload { get; init; }

    public required ExplainSettings Explain { get; init; }

    public required ManagementSettings Management { get; init; }

    public required TemplateSettings Templates { get; init; }

    public required LogSettings Logs { get; init; }

    public required AuditSettings Audit { get; init; }

    public required MetricsSettings Metrics { get; init; }

    public required DrainSettings Drain { get; init; }

    /// <summary>The API keys that the settings describe themselves.</summary>
    public required IReadOnlyList<ApiKeySettings> ApiKeys { get; init; }

    /// <summary>Full path of a CSV file with more of them; null for none.</summary>
    public required string? ApiKeyFile { get; init; }

    /// <summary>Where <see cref="ApiKeyFile"/> is configured.</summary>
    public Origin? ApiKeyFileOrigin { get; init; }

    /// <summary>What API keys may do.</summary>
    public required IReadOnlyList<UsagePlanDefinition> UsagePlans { get; init; }

    /// <summary>Whether any listener serves TLS.</summary>
    public bool HasTlsListener => Admin.Url is { IsTls: true } || Listeners.Any(listener => listener.Url.IsTls);

    /// <summary>The APIs, those of the command line last.</summary>
    public required IReadOnlyList<ApiSettings> Apis { get; init; }
}

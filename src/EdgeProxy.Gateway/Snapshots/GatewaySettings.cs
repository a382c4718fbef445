using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The node's settings that requests depend on; replaced together with the host table.</summary>
internal sealed class GatewaySettings
{
    public static GatewaySettings Default { get; } = new();

    /// <summary>Addresses whose <c>X-Forwarded-*</c> fields are believed (<c>trustedProxies</c>).</summary>
    public CidrSet TrustedProxies { get; init; } = CidrSet.Empty;

    /// <summary><c>paths.dotSegments</c>.</summary>
    public DotSegments DotSegments { get; init; } = DotSegments.Reject;

    /// <summary>Whether a client's trace parent and sampling count (<c>trace.trustIncoming</c>).</summary>
    public TraceTrust TraceTrust { get; init; } = TraceTrust.Trusted;

    /// <summary>The version of HTTP for integrations that name none (<c>upstream.protocol</c>).</summary>
    public UpstreamProtocol UpstreamProtocol { get; init; } = UpstreamProtocol.Http1;

    /// <summary>How upstreams' targets are chosen and held to account where documents say nothing else (<c>upstream.*</c>).</summary>
    public UpstreamPolicy UpstreamPolicy { get; init; } = UpstreamPolicy.Default;

    /// <summary>How long a gRPC call may be without a byte either way, in nanoseconds (<c>timeouts.stream</c>).</summary>
    public long StreamIdleTimeout { get; init; } = 600_000_000_000;

    /// <summary>How long an answer that streams may be without a byte once its head is here, in nanoseconds (<c>timeouts.streamedAnswer</c>). The service's is the default.</summary>
    public long AnswerIdleTimeout { get; init; } = 300_000_000_000;

    /// <summary>What holding a body against its model may cost (<c>validation.*</c>).</summary>
    public ValidationLimits Validation { get; init; } = ValidationLimits.Default;

    /// <summary>What a run of a mapping template may cost (<c>templates.*</c>).</summary>
    public TemplateLimits Templates { get; init; } = new();

    /// <summary>The files of certificates for upstreams, by the id that a stage names them with (<c>upstream.tls.clientCertificates</c>).</summary>
    public IReadOnlyDictionary<string, (string Certificate, string Key)> ClientCertificates { get; init; } = new Dictionary<string, (string, string)>();

    /// <summary>What VPC links stand for, by id (<c>upstream.vpcLinks</c>).</summary>
    public IReadOnlyDictionary<string, VpcLink> VpcLinks { get; init; } = VpcLink.None;

    /// <summary>Largest event that a function is called with, and largest result it may give, in bytes (<c>limits.functionPayload</c>). Lambda's own limit is the default.</summary>
    public int FunctionPayloadLimit { get; init; } = (6 * 1024 * 1024) + 100;

    /// <summary>How many fields the result of a function may have (<c>limits.functionHeaderBytes</c>, <c>limits.functionHeaderCount</c>).</summary>
    public FunctionFieldLimits FunctionFields { get; init; } = FunctionFieldLimits.Default;

    /// <summary>Largest body, of a request or of an integration's answer, that is held whole, in bytes (<c>limits.heldBody</c>): what is looked into cannot be endless.</summary>
    public long HeldBodyLimit { get; init; } = 10 * 1024 * 1024;

    /// <summary>When loops shed requests; null for never (<c>overload.delay</c>).</summary>
    public OverloadOptions? Overload { get; init; }

    /// <summary>How often the node may be called, all APIs together; null for no limit (<c>limits.accountThrottle</c>).</summary>
    public Rate? AccountThrottle { get; init; }

    /// <summary>Content codings both ways, and what decoding may make of a body.</summary>
    public CompressionOptions Compression { get; init; } = CompressionOptions.Default;

    /// <summary>How much the node caches (<c>cache.*</c>).</summary>
    public CacheLimits Cache { get; init; } = new();

    /// <summary>Largest response body from a backend in bytes, -1 for none (<c>limits.responseBody</c>). The service's own limit is the default.</summary>
    public long ResponseBodyLimit { get; init; } = 10 * 1024 * 1024;
}

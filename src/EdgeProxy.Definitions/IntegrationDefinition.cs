using System.Collections.ObjectModel;

namespace EdgeProxy.Definitions;

/// <summary>An integration as written (openapi-and-templates.md 4.6).</summary>
public sealed record IntegrationDefinition
{
    /// <summary>What answers.</summary>
    public required IntegrationKind Kind { get; init; }

    /// <summary>The integration object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>URL or ARN with <c>{name}</c> and <c>${stageVariables.x}</c>; null when none is written (mock).</summary>
    public string? Uri { get; init; }

    /// <summary>Upper-case verb of the back end, or <c>ANY</c> for the client's; null when none is written.</summary>
    public string? HttpMethod { get; init; }

    /// <summary>Milliseconds from connect to the last byte of the answer; null for the default (29,000, HTTP APIs 30,000).</summary>
    public int? TimeoutInMillis { get; init; }

    /// <summary>Role ARN, or null.</summary>
    public string? Credentials { get; init; }

    /// <summary>The way to the back end.</summary>
    public ConnectionKind Connection { get; init; }

    /// <summary>Id of the VPC link; may hold <c>${stageVariables.x}</c>.</summary>
    public string? ConnectionId { get; init; }

    /// <summary>Load balancer listener ARN of a private integration.</summary>
    public string? Target { get; init; }

    /// <summary>Bodies without a request template.</summary>
    public PassthroughBehavior PassthroughBehavior { get; init; }

    /// <summary>Conversion of the request body.</summary>
    public ContentHandling ContentHandling { get; init; }

    /// <summary>Mappings of the client's parameters; targets are <c>integration.request.header|querystring|path.NAME</c>.</summary>
    public IReadOnlyList<ParameterMappingDefinition> RequestParameters { get; init; } = [];

    /// <summary>What makes the body that is sent of the client's, by the client's content type; <c>$default</c> takes what no other does.</summary>
    public IReadOnlyList<TemplateDefinition> RequestTemplates { get; init; } = [];

    /// <summary>Integration responses (REST) in document order, which is also the order in which their patterns are tried.</summary>
    public IReadOnlyList<IntegrationResponseDefinition> Responses { get; init; } = [];

    /// <summary>Response parameter mappings by status (HTTP APIs).</summary>
    public IReadOnlyList<StatusMappingsDefinition> ResponseParameters { get; init; } = [];

    /// <summary>TLS to the back end, or null for the defaults.</summary>
    public TlsDefinition? Tls { get; init; }

    /// <summary>What EdgeProxy's own extension says of the back end, the API's taken in; null when there is none.</summary>
    public UpstreamDefinition? Upstream { get; init; }

    /// <summary>Whole or as it comes.</summary>
    public ResponseTransferMode ResponseTransferMode { get; init; }

    /// <summary>Cache key namespace, or null for the resource's own.</summary>
    public string? CacheNamespace { get; init; }

    /// <summary>Parameters that make up the cache key.</summary>
    public IReadOnlyList<string> CacheKeyParameters { get; init; } = [];

    /// <summary><c>1.0</c> or <c>2.0</c> (HTTP APIs), or null.</summary>
    public string? PayloadFormatVersion { get; init; }

    /// <summary>Service action of an HTTP API, for example <c>SQS-SendMessage</c>; null for none.</summary>
    public string? Subtype { get; init; }

    /// <summary>Places of single members, by their name in the document (<c>uri</c>, <c>timeoutInMillis</c> ...).</summary>
    public IReadOnlyDictionary<string, Origin> MemberOrigins { get; init; } = ReadOnlyDictionary<string, Origin>.Empty;

    /// <summary>The place of a member, else of the whole integration.</summary>
    public Origin? OriginOf(string member) => MemberOrigins.TryGetValue(member, out Origin? origin) ? origin : Origin;
}

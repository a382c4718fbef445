using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>One API of the node. What is null comes from the document.</summary>
internal sealed record ApiSettings
{
    /// <summary>The document's full path.</summary>
    public required string File { get; init; }

    /// <summary>The document as the operator named it, for messages.</summary>
    public required string DisplayFile { get; init; }

    public string? Id { get; init; }

    public string? Name { get; init; }

    /// <summary><c>rest</c> or <c>http</c>.</summary>
    public string? Type { get; init; }

    public IReadOnlyList<string> Domains { get; init; } = [];

    public string? BasePath { get; init; }

    public required string Stage { get; init; }

    public IReadOnlyDictionary<string, string> StageVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>How often each of its methods may be called; null for no limit.</summary>
    public ThrottleSettings? Throttle { get; init; }

    /// <summary>How many requests of each of its methods may be under way; null for any number.</summary>
    public ConcurrencySettings? Concurrency { get; init; }

    /// <summary>How answers to GET are cached.</summary>
    public CacheSettings Cache { get; init; } = new();

    /// <summary>The response header that tells what the cache did; null for none.</summary>
    public string? CacheHeader { get; init; }

    /// <summary>What is different for single methods.</summary>
    public IReadOnlyList<MethodSettings> Methods { get; init; } = [];

    /// <summary>What takes a share of its requests; null for none.</summary>
    public CanarySettings? Canary { get; init; }

    /// <summary>The certificate that is shown to upstreams; null for none.</summary>
    public string? ClientCertificateId { get; init; }

    /// <summary>Where it is configured; null for a file of the command line.</summary>
    public Origin? Origin { get; init; }
}

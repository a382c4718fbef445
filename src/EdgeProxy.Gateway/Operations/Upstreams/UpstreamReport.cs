namespace EdgeProxy.Gateway.Operations.Upstreams;

/// <summary>How one upstream stands.</summary>
public sealed record UpstreamReport
{
    /// <summary>The id of the API that calls it.</summary>
    public required string ApiId { get; init; }

    /// <summary>The stage.</summary>
    public required string Stage { get; init; }

    /// <summary>Scheme, host and port of the integrations' URI.</summary>
    public required string Name { get; init; }

    /// <summary>How a target is chosen: <c>weighted</c> or <c>least-loaded</c>.</summary>
    public required string Balance { get; init; }

    /// <summary>Its targets, in the order written.</summary>
    public required IReadOnlyList<TargetReport> Targets { get; init; }
}

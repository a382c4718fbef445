namespace EdgeProxy.Gateway.Operations.Upstreams;

/// <summary>How one upstream stands.</summary>
public sealed record UpstreamReport
{
    /// <summary>The id of the API that calls it.</summary>
    public required string ApiId { get; init; }

    /// <summary>The stage whose variables and settings it is called with.</summary>
    public required string Stage { get; init; }

    /// <summary>Scheme, host and port of the integrations' URI.</summary>
    public required string Name { get; init; }

    /// <summary>How a target is chosen: <c>weighted</c> or <c>least-loaded</c>.</summary>
    public required string Balance { get; init; }

    /// <summary>The circuit: <c>closed</c>, <c>open</c> or <c>halfOpen</c>; null where there is none.</summary>
    public string? Circuit { get; init; }

    /// <summary>Requests in the last ten seconds that the circuit knows of, and failed ones.</summary>
    public long Requests { get; init; }

    /// <summary>Those that failed.</summary>
    public long Failures { get; init; }

    /// <summary>Requests that wait for their turn.</summary>
    public int Waiting { get; init; }

    /// <summary>Whether requests go to targets that are out of order, because too few are left.</summary>
    public bool IsPanic { get; init; }

    /// <summary>Its targets, in the order written.</summary>
    public required IReadOnlyList<TargetReport> Targets { get; init; }
}

namespace EdgeProxy.Gateway.Operations.Upstreams;

/// <summary>How one target of an upstream stands.</summary>
public sealed record TargetReport
{
    /// <summary>Scheme, host and port.</summary>
    public required string Address { get; init; }

    /// <summary>Its share beside the others'.</summary>
    public required int Weight { get; init; }

    /// <summary>Requests under way.</summary>
    public required int InFlight { get; init; }

    /// <summary>Requests sent to it since the process began, further attempts included.</summary>
    public required long Picks { get; init; }
}

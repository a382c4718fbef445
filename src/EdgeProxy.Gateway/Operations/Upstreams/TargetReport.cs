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

    /// <summary>Whether it may be chosen: <c>inOrder</c>, <c>ejected</c> for failed requests, or <c>down</c> by checks.</summary>
    public required string State { get; init; }

    /// <summary>Why it is ejected: <c>consecutive</c> or <c>rate</c>; null when it is not.</summary>
    public string? EjectedFor { get; init; }

    /// <summary>For how much longer it is ejected, in seconds; 0 when it is not.</summary>
    public double EjectedForSeconds { get; init; }

    /// <summary>Failures since its last success.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>Requests sent to it since the process began, further attempts included.</summary>
    public required long Picks { get; init; }
}

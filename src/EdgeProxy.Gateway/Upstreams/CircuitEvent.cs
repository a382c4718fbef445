namespace EdgeProxy.Gateway.Upstreams;

/// <summary>See <see cref="CircuitLife"/>.</summary>
internal enum CircuitEvent : byte
{
    /// <summary>The share of failures is reached.</summary>
    TooManyFailures,

    /// <summary>It was open as long as it was to be, or half open as long.</summary>
    TimeOver,

    /// <summary>A request that was let through failed.</summary>
    ProbeFailed,

    /// <summary>All that were to be let through succeeded.</summary>
    AllProbesSucceeded,
}

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>See <see cref="CircuitLife"/>.</summary>
internal enum CircuitState : byte
{
    Closed,
    Open,
    HalfOpen,

    /// <summary>An event that cannot happen in a state; a bug.</summary>
    Illegal,
}

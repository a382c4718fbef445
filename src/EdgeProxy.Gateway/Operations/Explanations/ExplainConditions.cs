using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>What a request that is explained is taken to come in by, and what its explanation may cost. One record, so that a reload swaps it in one write.</summary>
public sealed record ExplainConditions
{
    public ExplainLimits Limits { get; init; } = new();

    /// <summary>How large a head the listener takes.</summary>
    public HeadLimits Head { get; init; } = new();

    /// <summary>How strictly it reads one.</summary>
    public ParseOptions Parse { get; init; }

    /// <summary>Largest request body that the listener takes; -1 for any.</summary>
    public long BodyLimit { get; init; } = -1;

    /// <summary>The listener; on loopback, the emulators' paths are there.</summary>
    public ListenerFacts Listener { get; init; } = new("data", IsAdmin: false, IsTls: false, IsLoopback: true, Port: 8080);
}

namespace EdgeProxy.Lambda.Invocation;

/// <summary>How much may pass between this node and a function. Immutable.</summary>
public sealed record FunctionLimits
{
    /// <summary>What Lambda takes and gives at most: 6 MiB and 100 bytes (specification lambda.md 3.5).</summary>
    public const int Payload = 6_291_556;

    /// <summary>Setting <c>limits.functionPayload</c>: bytes of an event.</summary>
    public int MaxEvent { get; init; } = Payload;

    /// <summary>Setting <c>limits.functionPayload</c>: bytes of a result that is collected, and of an error document.</summary>
    public int MaxResult { get; init; } = Payload;

    /// <summary>Setting <c>lambda.maxStream</c>: bytes of a result that is passed on as it comes.</summary>
    public long MaxStream { get; init; } = 200L << 20;

    /// <summary>Setting <c>lambda.eventQueue</c>: bytes of events, on each loop, of calls that nobody waits for.</summary>
    public long EventQueue { get; init; } = 64L << 20;
}

using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Runtime;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>What a loop sends back of an invocation that it served for another.</summary>
internal sealed class CrossLoopResult
{
    public FunctionOutcome Outcome { get; init; }

    public int HttpStatus { get; init; }

    /// <summary>Of a piece of a stream.</summary>
    public BodyStatus Status { get; init; }

    public byte[] ContentType { get; init; } = [];

    /// <summary>The receiver's.</summary>
    public PooledBytes Body { get; init; }
}

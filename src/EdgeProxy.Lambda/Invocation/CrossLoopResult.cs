using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Runtime;
using EdgeProxy.Lambda.Workers;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>What a loop sends back of an invocation that it served for another.</summary>
internal sealed class CrossLoopResult
{
    public FunctionOutcome Outcome { get; init; }

    public int HttpStatus { get; init; }

    /// <summary>Of a piece of a stream.</summary>
    public BodyStatus Status { get; init; }

    public byte[] ContentType { get; init; } = [];

    /// <summary>The log of the process that served it; null where none did. Any thread may read it.</summary>
    public LogTail? Tail { get; init; }

    /// <summary>Where in the log the invocation begins.</summary>
    public LogMark TailStart { get; init; }

    /// <summary>The receiver's.</summary>
    public PooledBytes Body { get; init; }
}

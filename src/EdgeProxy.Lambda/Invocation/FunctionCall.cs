using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>One invocation of a function and its result, wherever the function runs. Pooled per loop: rent it from <see cref="IFunctionClient"/>, return it when done.</summary>
/// <remarks>
/// The twin of an upstream call: fill it, <see cref="InvokeAsync"/>, look at the outcome, read the body to its end, return the call. A call
/// returned early drops its result; the function runs on (specification lambda.md 7). Loop thread only.
/// </remarks>
public abstract class FunctionCall : IBodySource, IAbortable
{
    /// <summary>The event, whole. It must stay as it is until <see cref="InvokeAsync"/> has ended.</summary>
    public BodyChunk Event { get; set; }

    public InvocationType Type { get; set; }

    /// <summary>Whether the result is wanted as it comes (InvokeWithResponseStream); otherwise it is collected, and limited to 6 MB.</summary>
    public bool Streams { get; set; }

    /// <summary>When the whole call must be over, in monotonic nanoseconds; <see cref="long.MaxValue"/> for never. The function's own time-out is apart from it.</summary>
    public long Deadline { get; set; }

    /// <summary>The trace header's value (<c>Root=...;Parent=...;Sampled=...</c>); empty for none. Must stay as it is until <see cref="InvokeAsync"/> has ended.</summary>
    public ReadOnlyMemory<byte> Trace { get; set; }

    /// <summary>JSON text for <c>X-Amz-Client-Context</c>, base64 as on the wire; empty for none.</summary>
    public ReadOnlyMemory<byte> ClientContext { get; set; }

    /// <summary>The HTTP status that the Invoke API gives, or would give, for the outcome: 200 (also for function errors), 202, 204, 4xx, 5xx; 0 when nothing answered.</summary>
    public int Status { get; protected set; }

    /// <summary>The id that the function saw (<c>x-amzn-RequestId</c>); empty when there is none.</summary>
    public abstract ReadOnlySpan<byte> FunctionRequestId { get; }

    /// <summary>The last of what the function wrote to its log, at most 4 KB, for <c>X-Amz-Log-Result</c>; empty where nobody keeps it. Once the body is at its end.</summary>
    public virtual ReadOnlyMemory<byte> LogTail => default;

    /// <summary>Invokes the function and waits until its result begins (or, without <see cref="Streams"/>, is there).</summary>
    public abstract LoopTask<FunctionOutcome> InvokeAsync();

    /// <summary>The next run of the result, or of the error document. After a stream that the function broke off: Truncated.</summary>
    public abstract LoopTask<BodyRead> ReadBodyAsync();

    /// <summary>Ends an open <see cref="ReadBodyAsync"/> with Aborted.</summary>
    public abstract void CancelRead();

    /// <summary>Ends the one pending wait of this call with Aborted.</summary>
    public abstract void Abort();

    /// <summary>Gives the call back.</summary>
    public abstract void Return();

    HeaderTable? IBodySource.Trailers => null;

    /// <summary>Forgets the invocation before.</summary>
    protected void Clear()
    {
        Event = BodyChunk.Empty;
        Type = InvocationType.RequestResponse;
        Streams = false;
        Deadline = long.MaxValue;
        Trace = default;
        ClientContext = default;
        Status = 0;
    }
}

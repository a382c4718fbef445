using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Runtime;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>An invocation in memory of its own, for one that leaves its caller's loop or outlives its caller.</summary>
internal sealed class InvocationCopy
{
    private readonly byte[] _requestId;
    private readonly byte[] _trace;
    private readonly byte[] _clientContext;
    private readonly ReadOnlyMemory<byte> _arn;
    private readonly bool _streams;
    private PooledBytes _event;

    public InvocationCopy(LocalCall call)
    {
        _event = PooledBytes.Of(call.Event.Span);
        _requestId = call.FunctionRequestId.ToArray();
        _trace = call.Trace.ToArray();
        _clientContext = call.ClientContext.ToArray();
        _arn = call.Arn;
        _streams = call.Streams;
    }

    /// <summary>Makes a rented call the same invocation, for its result.</summary>
    public void Fill(LocalCall call)
    {
        call.Start(_arn);
        call.TakeRequestId(_requestId);
        call.Event = new BodyChunk(_event.Array, 0, _event.Length);
        call.Trace = _trace;
        call.ClientContext = _clientContext;
        call.Streams = _streams;
    }

    /// <summary>Gives the event's memory back.</summary>
    public void Return() => _event.Return();
}

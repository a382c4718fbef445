using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>The event that a runtime was given last, with what goes into the headers of its reply (specification lambda.md 3.1).</summary>
/// <remarks>One a worker, used again for each event. The event's bytes are the caller's until <see cref="KeepEvent"/>.</remarks>
internal sealed class Delivery
{
    private readonly byte[] _requestId = new byte[36];
    private readonly byte[] _invocationId = new byte[33];
    private PooledBytes _kept;

    /// <summary>Whether there is an event that the runtime has not come back from.</summary>
    public bool IsCurrent { get; private set; }

    /// <summary>Which it is of those that its worker was given.</summary>
    public ulong Number { get; private set; }

    /// <summary>Who gets the result; null when nobody wants it any more.</summary>
    public IInvocationSink? Sink { get; private set; }

    public BodyChunk Event { get; private set; }

    public ReadOnlySpan<byte> RequestId => _requestId;

    /// <summary>Told apart from every other delivery, even of the same request.</summary>
    public ReadOnlySpan<byte> InvocationId => _invocationId;

    public ReadOnlyMemory<byte> Arn { get; private set; }

    public ReadOnlyMemory<byte> Trace { get; private set; }

    public ReadOnlyMemory<byte> ClientContext { get; private set; }

    /// <summary>Unix milliseconds of the function's time-out.</summary>
    public long Deadline { get; private set; }

    /// <summary>Whether the sink takes the result as it comes.</summary>
    public bool Streams { get; private set; }

    public void Start(IInvocationSink sink, in InvocationFacts facts, ulong number, ReadOnlySpan<byte> invocationId)
    {
        Number = number;
        IsCurrent = true;
        Sink = sink;
        Event = facts.Event;
        facts.RequestId.CopyTo(_requestId);
        invocationId.CopyTo(_invocationId);
        Arn = facts.Arn;
        Trace = facts.Trace;
        ClientContext = facts.ClientContext;
        Deadline = facts.Deadline;
        Streams = facts.Streams;
    }

    /// <summary>The sink, which from now on is not told any more.</summary>
    public IInvocationSink? TakeSink()
    {
        IInvocationSink? sink = Sink;
        Sink = null;
        return sink;
    }

    /// <summary>Copies what is the caller's, who is going away while the runtime may still ask for its event again.</summary>
    public void KeepEvent()
    {
        _kept.Return();
        _kept = PooledBytes.Of(Event.Span);
        Event = new BodyChunk(_kept.Array, 0, _kept.Length);
        Trace = Trace.ToArray();
        ClientContext = ClientContext.ToArray();
    }

    /// <summary>The runtime has come back from the event.</summary>
    public void End()
    {
        IsCurrent = false;
        Sink = null;
        Event = BodyChunk.Empty;
        Trace = default;
        ClientContext = default;
        _kept.Return();
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>What calls of functions over HTTP have in common: one upstream call for each, its result collected or passed on.</summary>
internal abstract class HttpFunctionCall : FunctionCall
{
    private readonly EventBody _eventBody;
    private readonly FunctionSeries _series;
    private readonly byte[] _requestId = new byte[128];
    private byte[]? _leased;
    private int _length;
    private int _requestIdLength;
    private long _streamed;
    private bool _read;
    private bool _aborted;
    private bool _returned;

    protected HttpFunctionCall(FunctionClients clients, FunctionSeries series)
    {
        Clients = clients;
        _series = series;
        _eventBody = new EventBody(this);
    }

    public override ReadOnlySpan<byte> FunctionRequestId => _requestId.AsSpan(0, _requestIdLength);

    protected FunctionClients Clients { get; }

    /// <summary>The limits of the table this call was made with.</summary>
    protected FunctionLimits Limits { get; private set; } = null!;

    /// <summary>Where the call goes.</summary>
    protected abstract UpstreamName Upstream { get; }

    /// <summary>The upstream's call while there is one.</summary>
    protected UpstreamCall? Call { get; private set; }

    /// <summary>Whether the result comes by <see cref="ReadStreamAsync"/> rather than having been collected.</summary>
    protected bool IsStreaming { get; set; }

    private EventLoop Loop => Clients.Loop;

    /// <summary>Makes a pooled call ready to be filled.</summary>
    public virtual void Begin()
    {
        Clear();
        Limits = Clients.Table.Limits;
        _length = _requestIdLength = 0;
        _streamed = 0;
        IsStreaming = _read = _aborted = _returned = false;
    }

    public override async LoopTask<FunctionOutcome> InvokeAsync()
    {
        long start = Loop.Now;
        FunctionOutcome outcome;
        if (Event.Length > Limits.MaxEvent)
        {
            Clients.Metrics.PayloadTooLarge.Increment(Loop.Ordinal);
            outcome = Fail(FunctionOutcome.EventTooLarge, 413);
        }
        else
        {
            outcome = await RunAsync();
        }

        _series.Count(outcome, Loop.Ordinal, Loop.Now - start);
        return outcome;
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (IsStreaming) return ReadStreamAsync();
        if (_read || _leased is null) return BodyRead.Of(BodyStatus.End);
        _read = true;
        return new BodyRead(BodyStatus.End, new BodyChunk(_leased, 0, _length));
    }

    public override void CancelRead() => Call?.CancelRead();

    public override void Abort()
    {
        if (_aborted) return;
        _aborted = true;
        Call?.Abort();
    }

    public override void Return()
    {
        if (_returned) throw new InvalidOperationException("The call was returned twice.");
        _returned = true;
        EndCall();
        ReleaseResult();
        Event = BodyChunk.Empty;
        Trace = ClientContext = default;
        Recycle();
    }

    /// <summary>Gives the object back to where it was rented.</summary>
    protected abstract void Recycle();

    /// <summary>Does what the invocation type asks for.</summary>
    protected abstract LoopTask<FunctionOutcome> RunAsync();

    /// <summary>Sets target and fields of the request; method, framing and body are set already.</summary>
    protected abstract void Fill(UpstreamCall call);

    /// <summary>Makes an outcome of the answer's head, and of its body where that is needed.</summary>
    protected abstract LoopTask<FunctionOutcome> JudgeAsync(UpstreamCall call);

    /// <summary>The next run of a result that is passed on.</summary>
    protected abstract LoopTask<BodyRead> ReadStreamAsync();

    /// <summary>Sends the event and judges the answer.</summary>
    protected async LoopTask<FunctionOutcome> SendAsync()
    {
        if (_aborted) return FunctionOutcome.Aborted;
        UpstreamCall call = Call = Clients.Upstreams.Rent(Upstream);
        call.Method = HttpMethod.Post;
        call.MethodStart = call.Headers.Append("POST"u8);
        call.MethodLength = 4;
        call.Framing = BodyFraming.Length;
        call.ContentLength = Event.Length;
        call.Body = _eventBody;
        call.Deadline = Deadline;
        call.IsDeadlineFixed = true;
        Fill(call);
        UpstreamOutcome outcome = await call.SendAsync(Upstream);
        if (outcome != UpstreamOutcome.Ok) return OutcomeOf(outcome);
        TakeRequestId(call.Response.Headers);
        return await JudgeAsync(call);
    }

    /// <summary>Adds what every request has: who asks, and the trace.</summary>
    protected void AddCommon(HeaderTable headers)
    {
        headers.Add(KnownHeader.UserAgent, "User-Agent"u8, "EdgeProxy"u8);
        if (!Trace.IsEmpty) headers.Add(KnownHeader.XAmznTraceId, "X-Amzn-Trace-Id"u8, Trace.Span);
    }

    /// <summary>Takes the whole answer in and ends the upstream's call, whose connection another can use then.</summary>
    /// <param name="outcome">What the call came to, if the body does not say otherwise.</param>
    protected async LoopTask<FunctionOutcome> CollectAsync(FunctionOutcome outcome)
    {
        UpstreamCall call = Call!;
        call.ResponseBodyLimit = Limits.MaxResult;
        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            switch (read.Status)
            {
                case BodyStatus.Data or BodyStatus.End:
                    Append(read.Chunk.Span);
                    break;
                case BodyStatus.TooLarge:
                    return RefuseResult();
                case BodyStatus.TimedOut:
                    return FunctionOutcome.TimedOut;
                case BodyStatus.Violation:
                    return FunctionOutcome.Malformed;
                case BodyStatus.Aborted:
                    return FunctionOutcome.Aborted;
                default:
                    return FunctionOutcome.ConnectFailed;
            }

            if (read.Status != BodyStatus.End) continue;
            EndCall();
            return outcome;
        }
    }

    /// <summary>The next run of the upstream's body, counted against the limit of streams.</summary>
    protected async LoopTask<BodyRead> ReadUpstreamAsync()
    {
        UpstreamCall call = Call!;
        call.Deadline = Deadline;
        BodyRead read = await call.ReadBodyAsync();
        return read.Failed ? read : Counted(read);
    }

    /// <summary>Counts bytes of a stream that are about to be handed out.</summary>
    protected BodyRead Counted(BodyRead read)
    {
        _streamed += read.Chunk.Length;
        if (_streamed <= Limits.MaxStream) return read;
        Clients.Metrics.StreamTooLarge.Increment(Loop.Ordinal);
        return BodyRead.Of(BodyStatus.TooLarge);
    }

    /// <summary>Makes some bytes the result, in place of what was collected.</summary>
    protected void SetResult(ReadOnlySpan<byte> bytes)
    {
        _length = 0;
        Append(bytes);
    }

    /// <summary>The end of a call that needed no upstream, or whose upstream said so.</summary>
    protected FunctionOutcome Succeed(int status)
    {
        Status = status;
        return FunctionOutcome.Ok;
    }

    /// <summary>The end of a call that is refused here as the service would.</summary>
    protected FunctionOutcome Fail(FunctionOutcome outcome, int status)
    {
        Status = status;
        return outcome;
    }

    // Its form is the runtime's own (specification lambda.md 3.5); how much it would have been is not known.
    private FunctionOutcome RefuseResult()
    {
        Clients.Metrics.PayloadTooLarge.Increment(Loop.Ordinal);
        EndCall();
        SetResult(ResultTooLarge);
        Status = 200;
        return FunctionOutcome.FunctionError;
    }

    private static ReadOnlySpan<byte> ResultTooLarge =>
        """{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}"""u8;

    private FunctionOutcome OutcomeOf(UpstreamOutcome outcome)
    {
        switch (outcome)
        {
            case UpstreamOutcome.TlsFailed or UpstreamOutcome.CertificateUntrusted or UpstreamOutcome.CertificateNameMismatch or UpstreamOutcome.CertificateExpired:
                return FunctionOutcome.TlsFailed;
            case UpstreamOutcome.TimedOut:
            case UpstreamOutcome.ConnectTimedOut when Loop.Now >= Deadline:
                return FunctionOutcome.TimedOut;
            case UpstreamOutcome.PoolExhausted:
                return Fail(FunctionOutcome.Throttled, 429);
            case UpstreamOutcome.Malformed or UpstreamOutcome.HeadTooLarge:
                return FunctionOutcome.Malformed;
            case UpstreamOutcome.Unsendable:
                return Fail(FunctionOutcome.BadEvent, 400); // a trace or client context that no field may hold
            case UpstreamOutcome.Aborted:
                return FunctionOutcome.Aborted;
            default:
                return _aborted ? FunctionOutcome.Aborted : FunctionOutcome.ConnectFailed;
        }
    }

    private void TakeRequestId(HeaderTable headers)
    {
        int at = headers.IndexOf(KnownHeader.XAmznRequestId);
        if (at < 0 || headers.Value(at).Length > _requestId.Length) return;
        _requestIdLength = headers.Value(at).Length;
        headers.Value(at).CopyTo(_requestId);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > (_leased?.Length ?? 0) - _length)
        {
            byte[] larger = Loop.Buffers.Rent(Math.Max(_length + bytes.Length, (_leased?.Length ?? 0) * 2));
            _leased.AsSpan(0, _length).CopyTo(larger);
            if (_leased is not null) Loop.Buffers.Return(_leased);
            _leased = larger;
        }

        bytes.CopyTo(_leased.AsSpan(_length));
        _length += bytes.Length;
    }

    private void EndCall()
    {
        Call?.Return();
        Call = null;
    }

    private void ReleaseResult()
    {
        if (_leased is not null) Loop.Buffers.Return(_leased);
        _leased = null;
        _length = 0;
    }

    /// <summary>The event, pulled by the upstream's call.</summary>
    private sealed class EventBody(HttpFunctionCall call) : IBodySource
    {
        public HeaderTable? Trailers => null;

        public LoopTask<BodyRead> ReadBodyAsync() => new BodyRead(call._returned ? BodyStatus.Aborted : BodyStatus.End, call.Event);

        public void CancelRead()
        {
        }
    }
}

using System.Buffers.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Runtime;
using EdgeProxy.Lambda.Workers;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>An invocation of a function that this node runs.</summary>
/// <remarks>
/// <code>
///   Idle --invoked--> Waiting (in the queue) --worker--> Running --result--> Answered
///             \--a worker of another loop--> Away -------------result--/
/// </code>
/// Pooled by the function's <see cref="WorkerPool"/> of its loop.
/// </remarks>
internal sealed class LocalCall : FunctionCall, IInvocationSink
{
    private const int MaximumContentType = 256;

    private readonly WorkerPool _pool;
    private readonly byte[] _requestId = new byte[RequestIds.UuidLength];
    private readonly byte[] _contentType = new byte[MaximumContentType];
    private readonly LoopSignal<FunctionOutcome> _outcome = new();
    private readonly CallTimer _timer;
    private ReadOnlyMemory<byte> _arn;
    private ReadOnlyMemory<byte> _decodedContext;
    private CallPhase _phase;
    private FunctionOutcome _early;
    private bool _hasEarly;
    private bool _hasRequestId;
    private bool _bodyRead;
    private int _contentTypeLength;
    private PooledBytes _body;
    private IResultStream? _stream;
    private uint _streamEpoch;
    private Worker? _worker;
    private CrossLoopCall? _away;

    public LocalCall(WorkerPool pool)
    {
        _pool = pool;
        _timer = new CallTimer(this);
    }

    private enum CallPhase : byte
    {
        Idle,
        Waiting,
        Running,
        Away,
        Answered,
    }

    /// <summary>Neighbours in the queue, or in the pool of calls that are free.</summary>
    public LocalCall? Next { get; set; }

    public LocalCall? Previous { get; set; }

    /// <summary>When it began to wait for a worker.</summary>
    public long QueuedAt { get; private set; }

    /// <summary>When the function's time began to run before a worker was there: a start that is repeated counts (specification lambda.md 7). 0 when it did not.</summary>
    public long ClockFrom { get; set; }

    /// <summary>Whether it came from another loop, where it was admitted; it stays on this one.</summary>
    public bool IsForwarded { get; set; }

    /// <summary>The <c>Content-Type</c> of the result as the runtime gave it; empty for none.</summary>
    public ReadOnlySpan<byte> ContentType => _contentType.AsSpan(0, _contentTypeLength);

    /// <summary>Whether the result comes piece by piece.</summary>
    public bool IsStream => _stream is not null;

    public override ReadOnlySpan<byte> FunctionRequestId => _hasRequestId ? _requestId : default;

    public ReadOnlyMemory<byte> Arn => _arn;

    /// <summary>The log of the process that has it, or had it; null while none has.</summary>
    public LogTail? Tail { get; private set; }

    /// <summary>Where in the log it begins.</summary>
    public LogMark TailStart { get; private set; }

    /// <summary>Prepares a rented call.</summary>
    public void Start(ReadOnlyMemory<byte> arn)
    {
        Clear();
        Tail = null;
        _arn = arn;
    }

    /// <summary>Gives the call an id that was made for it elsewhere.</summary>
    public void TakeRequestId(ReadOnlySpan<byte> id)
    {
        id.CopyTo(_requestId);
        _hasRequestId = true;
    }

    // What the process wrote from this event to the next that it was given.
    public override ReadOnlyMemory<byte> LogTail => Tail?.ToArray(TailStart) ?? default;

    public override LoopTask<FunctionOutcome> InvokeAsync()
    {
        if (Event.Length > RuntimeDocuments.PayloadLimit)
        {
            Status = 413;
            _phase = CallPhase.Answered;
            return FunctionOutcome.EventTooLarge;
        }

        if (!_hasRequestId)
        {
            RequestIds.WriteUuid(_pool.Random, _requestId);
            _hasRequestId = true;
        }

        if (Type != InvocationType.RequestResponse) return WithoutResult();
        if (!TryReadContext(out _decodedContext))
        {
            Status = 400;
            _phase = CallPhase.Answered;
            return FunctionOutcome.BadEvent;
        }

        _pool.Invoke(this);
        if (_hasEarly)
        {
            _hasEarly = false;
            return _early;
        }

        if (_phase == CallPhase.Waiting) _pool.Loop.Timers.Set(_timer, Math.Min(Deadline, QueuedAt + _pool.QueueWait));
        else if (Deadline != long.MaxValue) _pool.Loop.Timers.Set(_timer, Deadline);
        return _outcome.WaitAsync();
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (_stream is not null) return _stream.ReadAsync(_streamEpoch);
        if (_bodyRead) return BodyRead.Of(BodyStatus.End);
        _bodyRead = true;
        return new BodyRead(BodyStatus.End, new BodyChunk(_body.Array, 0, _body.Length));
    }

    public override void CancelRead() => _stream?.CancelRead(_streamEpoch);

    public override void Abort()
    {
        if (_phase is CallPhase.Waiting or CallPhase.Running or CallPhase.Away) GiveUp(FunctionOutcome.Aborted);
        else _stream?.CancelRead(_streamEpoch);
    }

    public override void Return()
    {
        if (_phase is CallPhase.Waiting or CallPhase.Running or CallPhase.Away) Leave();
        _pool.Loop.Timers.Clear(_timer);
        _stream?.Drop(_streamEpoch);
        _stream = null;
        _body.Return();
        _bodyRead = false;
        _hasEarly = false;
        _hasRequestId = false;
        _contentTypeLength = 0;
        _phase = CallPhase.Idle;
        _decodedContext = default;
        IsForwarded = false;
        ClockFrom = 0;
        Clear();
        _pool.TakeBack(this);
    }

    /// <summary>The call waits in the pool's queue.</summary>
    public void OnQueued(long now)
    {
        _phase = CallPhase.Waiting;
        QueuedAt = now;
    }

    /// <summary>A worker has it.</summary>
    public void OnGiven(Worker worker)
    {
        // The time in the queue was limited by another setting than the time that is left.
        if (_phase == CallPhase.Waiting && _outcome.IsWaiting) _pool.Loop.Timers.Set(_timer, Deadline);
        _phase = CallPhase.Running;
        _worker = worker;
        Tail = worker.Tail;
        TailStart = Tail.Mark();
    }

    /// <summary>The worker begins it, behind another that it was given with.</summary>
    public void OnBegun() => TailStart = Tail!.Mark();

    /// <summary>The worker that had it is lost, before it began.</summary>
    public void OnQueuedAgain()
    {
        _worker = null;
        _pool.Loop.Timers.Set(_timer, Math.Min(Deadline, QueuedAt + _pool.QueueWait));
    }

    /// <summary>A worker of another loop gets it.</summary>
    public void OnAway(CrossLoopCall away)
    {
        if (_phase == CallPhase.Waiting && _outcome.IsWaiting) _pool.Loop.Timers.Set(_timer, Deadline);
        _phase = CallPhase.Away;
        _away = away;
    }

    /// <summary>What its worker is told.</summary>
    public InvocationFacts FactsWith(long deadline) => new()
    {
        Event = Event,
        RequestId = _requestId,
        Arn = _arn,
        Trace = IsFieldValue(Trace.Span) ? Trace : default,
        ClientContext = _decodedContext,
        Deadline = deadline,
        Streams = Streams,
    };

    public void OnResult(bool failed, PooledBytes body, ReadOnlySpan<byte> contentType)
    {
        Status = 200;
        _body = body;
        KeepContentType(contentType);
        Complete(failed ? FunctionOutcome.FunctionError : FunctionOutcome.Ok);
    }

    public void OnStream(IResultStream stream, ReadOnlySpan<byte> contentType)
    {
        Status = 200;
        _stream = stream;
        _streamEpoch = stream.Epoch;
        KeepContentType(contentType);
        Complete(FunctionOutcome.Ok);
    }

    /// <summary>Ends it without a result of the function.</summary>
    /// <param name="outcome">What its caller is told.</param>
    /// <param name="status">The status that the Invoke API has for it.</param>
    /// <param name="document">The body; the call's from now on.</param>
    public void Refuse(FunctionOutcome outcome, int status, PooledBytes document)
    {
        Status = status;
        _body = document;
        Complete(outcome);
    }

    /// <summary>No worker was free in time, or too many wait.</summary>
    public void Throttle() => Refuse(
        FunctionOutcome.Throttled, 429, PooledBytes.Of("{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"Type\":\"User\",\"message\":\"Rate Exceeded.\"}"u8));

    /// <summary>A process of another loop served it.</summary>
    public void TakeLog(CrossLoopResult result)
    {
        Tail = result.Tail;
        TailStart = result.TailStart;
    }

    /// <summary>The body, which is the caller's from now on.</summary>
    public PooledBytes TakeBody() => _body.Take();

    private static bool IsFieldValue(ReadOnlySpan<byte> value) => !value.ContainsAnyInRange((byte)0, (byte)31);

    private LoopTask<FunctionOutcome> WithoutResult()
    {
        _phase = CallPhase.Answered;
        if (Type == InvocationType.DryRun)
        {
            Status = 204;
            return FunctionOutcome.Ok;
        }

        if (EventInvocation.TryStart(_pool, this))
        {
            Status = 202;
            return FunctionOutcome.Ok;
        }

        Throttle();
        _hasEarly = false;
        return FunctionOutcome.Throttled;
    }

    // The header that the runtime gets is JSON on one line: line ends between members are blanks to JSON.
    private bool TryReadContext(out ReadOnlyMemory<byte> context)
    {
        context = default;
        if (ClientContext.IsEmpty) return true;
        byte[] text = ClientContext.ToArray();
        if (Base64.DecodeFromUtf8InPlace(text, out int length) != System.Buffers.OperationStatus.Done) return false;
        foreach (ref byte c in text.AsSpan(0, length))
        {
            if (c is < 32 or 127) c = (byte)' ';
        }

        context = text.AsMemory(0, length);
        return true;
    }

    private void KeepContentType(ReadOnlySpan<byte> contentType)
    {
        _contentTypeLength = contentType.Length > MaximumContentType ? 0 : contentType.Length;
        contentType[.._contentTypeLength].CopyTo(_contentType);
    }

    private void Complete(FunctionOutcome outcome)
    {
        _phase = CallPhase.Answered;
        _worker = null;
        _away = null;
        _pool.Loop.Timers.Clear(_timer);
        if (_outcome.Set(outcome)) return;
        _early = outcome;
        _hasEarly = true;
    }

    private void GiveUp(FunctionOutcome outcome)
    {
        Leave();
        Complete(outcome);
    }

    private void Leave()
    {
        switch (_phase)
        {
            case CallPhase.Waiting:
                _pool.TakeOut(this);
                break;
            case CallPhase.Running:
                _worker!.Handler.Detach(this);
                break;
            default:
                _away!.Abandon();
                break;
        }
    }

    private void OnDeadline(long now)
    {
        if (_phase is CallPhase.Idle or CallPhase.Answered) return;
        if (now >= Deadline)
        {
            GiveUp(FunctionOutcome.TimedOut);
        }
        else if (_phase == CallPhase.Waiting)
        {
            _pool.TakeOut(this);
            _pool.CountThrottled(WorkerPool.ThrottledByWait);
            Throttle();
        }
    }

    private sealed class CallTimer(LocalCall call) : LoopTimer
    {
        protected override void OnDeadline(long now) => call.OnDeadline(now);
    }
}

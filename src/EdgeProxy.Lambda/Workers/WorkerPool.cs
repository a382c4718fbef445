using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Lambda.Runtime;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Lambda.Workers;

/// <summary>A function's workers on one loop, and the invocations of that loop that wait for one.</summary>
/// <remarks>
/// An invocation takes a free worker of its loop; else one of another loop; else it waits while a worker is started for it, or until one is free. Loop
/// thread only, but for the two counts that other loops look at.
/// </remarks>
internal sealed class WorkerPool : ILoopRecipient
{
    public const string ThrottledByLength = "queue.length";
    public const string ThrottledByWait = "queue.wait";

    // Messages.
    private const int Warm = 1;
    private const int Retire = 2;
    private const int Halt = 3;
    private const int HasFree = 4;
    private const int HasRoom = 5;

    private const long ShortestBackOff = 250_000_000;
    private const long LongestBackOff = 10_000_000_000;
    private const int MaximumArns = 1024;

    private readonly IWorkerLauncher _launcher;
    private readonly List<Worker> _workers = [];
    private readonly Dictionary<FunctionName, ReadOnlyMemory<byte>> _arns = new(ReferenceEqualityComparer.Instance);
    private readonly Housekeeping _housekeeping;
    private readonly int _minimum;
    private Worker? _idle;
    private LocalCall? _freeCalls;
    private LocalCall? _firstWaiting;
    private LocalCall? _lastWaiting;
    private WorkerFailure? _lastFailure;
    private int _starting;
    private int _failures;
    private long _startAgainAt;
    private int _idleCount;
    private int _waitingCount;
    private int _workerCount;
    private bool _retired;
    private bool _halted;

    public WorkerPool(LocalFunction function, EventLoop loop, IWorkerLauncher launcher, int minimum)
    {
        Function = function;
        Loop = loop;
        _launcher = launcher;
        _minimum = minimum;
        QueueWait = function.Options.QueueWait.Ticks * 100;
        _housekeeping = new Housekeeping(this);
    }

    public LocalFunction Function { get; }

    public EventLoop Loop { get; }

    public FastRandom Random { get; } = new();

    public FunctionMetrics Metrics => Function.Metrics;

    /// <summary>How long an invocation may wait, in nanoseconds.</summary>
    public long QueueWait { get; }

    /// <summary>Workers that have nothing to do. Any thread.</summary>
    public int IdleCount => Volatile.Read(ref _idleCount);

    /// <summary>Invocations that wait. Any thread.</summary>
    public int WaitingCount => Volatile.Read(ref _waitingCount);

    /// <summary>Workers that serve, will serve or start. Any thread.</summary>
    public int WorkerCount => Volatile.Read(ref _workerCount);

    /// <summary>Starts the workers that are kept. Any thread.</summary>
    public void PostWarm() => Loop.Post(new LoopMessage(this, Warm, null, 0));

    /// <summary>Ends workers as they become free. Control thread.</summary>
    public void PostRetire() => Loop.Post(new LoopMessage(this, Retire, null, 0));

    /// <summary>Ends all workers now. Control thread.</summary>
    public void PostHalt() => Loop.Post(new LoopMessage(this, Halt, null, 0));

    /// <summary>A call of the function under one of its names.</summary>
    public LocalCall Rent(FunctionName name)
    {
        LocalCall call = Rent();
        call.Start(ArnOf(name));
        return call;
    }

    /// <summary>A call that is still to be filled.</summary>
    public LocalCall Rent()
    {
        if (_freeCalls is not { } call) return new LocalCall(this);
        _freeCalls = call.Next;
        call.Next = null;
        return call;
    }

    public void TakeBack(LocalCall call)
    {
        call.Next = _freeCalls;
        _freeCalls = call;
    }

    /// <summary>Has a worker serve the call, sooner or later.</summary>
    public void Invoke(LocalCall call)
    {
        if (_idle is { } worker)
        {
            TakeIdle(worker);
            worker.Give(call);
            return;
        }

        InvokeWithoutFree(call);
    }

    /// <summary>Has another worker serve a call that one was given and did not begin.</summary>
    public void InvokeAgain(LocalCall call)
    {
        if (_halted)
        {
            call.Refuse(FunctionOutcome.Aborted, 0, default);
        }
        else if (_idle is { } worker)
        {
            TakeIdle(worker);
            worker.Give(call);
        }
        else
        {
            Queue(call);
            call.OnQueuedAgain();
            KeepGoing();
        }
    }

    /// <summary>How many of the calls that wait one worker may be given beside its first: an even share, and none that a worker is being started for.</summary>
    /// <param name="most">The most that a worker is given at once, its first among them.</param>
    public int ShareOfWaiting(int most)
    {
        int waiting = _waitingCount - _starting;
        int workers = Math.Max(1, _workerCount - _starting);
        return Math.Min(most - 1, (waiting + workers - 1) / workers);
    }

    /// <summary>The call that has waited longest, out of the queue; null when it is none to be given with others: it is larger than that, or its result is a stream.</summary>
    public LocalCall? TakeNextOrNull(int most)
    {
        if (_firstWaiting is not { Streams: false } first || first.Event.Length > most) return null;
        TakeOut(first);
        return first;
    }

    /// <summary>Takes a call out of the queue.</summary>
    public void TakeOut(LocalCall call)
    {
        if (call.Previous is { } previous) previous.Next = call.Next;
        else _firstWaiting = call.Next;
        if (call.Next is { } next) next.Previous = call.Previous;
        else _lastWaiting = call.Previous;
        call.Next = call.Previous = null;
        Volatile.Write(ref _waitingCount, _waitingCount - 1);
        Function.RemoveWaiting();
        Metrics.Queue.Add(Loop.Ordinal, -1);
    }

    public void CountThrottled(string limit)
    {
        Metrics.Count(Loop.Ordinal, InvocationEnd.Throttled);
        (limit == ThrottledByLength ? Metrics.ThrottledByLength : Metrics.ThrottledByWait).Increment(Loop.Ordinal);
    }

    /// <summary>A worker asks for an event.</summary>
    public void OnReady(Worker worker, bool wasStarting)
    {
        if (wasStarting)
        {
            OnStarted();
            _failures = 0;
            _startAgainAt = 0;
        }

        if (_firstWaiting is { } first)
        {
            TakeOut(first);
            worker.Give(first);
            return;
        }

        if (_halted || _retired)
        {
            PutIdle(worker);
            worker.Retire(_halted ? WorkerEnd.NodeStopped : WorkerEnd.Replaced);
            return;
        }

        PutIdle(worker);
        Interlocked.MemoryBarrier(); // told before looked: see InvokeWithoutFree
        if (Function.WaitingElsewhereOrNull(this) is { } other) other.Loop.PostFrom(Loop, new LoopMessage(other, HasFree, this, 0));
        _housekeeping.Schedule();
    }

    /// <summary>A worker gives no more events.</summary>
    public void OnStopping(Worker worker, WorkerPhase last)
    {
        Volatile.Write(ref _workerCount, _workerCount - 1);
        if (last == WorkerPhase.Idle) TakeIdle(worker);
        else if (last == WorkerPhase.Starting) OnStarted();
        Function.RemoveWorker();
        if (last == WorkerPhase.Starting) return;
        KeepGoing();
        OfferRoom();
    }

    /// <summary>A worker did not become ready. The first time it is tried again at once for the same invocation; the second time that is told of it.</summary>
    /// <param name="worker">The worker, which is stopping.</param>
    /// <param name="failure">Why.</param>
    /// <param name="retriedAt">When the invocation's time began, if it was tried again already.</param>
    public void OnInitFailed(Worker worker, WorkerFailure failure, long retriedAt)
    {
        _lastFailure = failure;
        if (_firstWaiting is not null && worker.Attempt == 0 && !failure.IsFinal && !_halted && Function.TryAddWorker())
        {
            StartOne(attempt: 1, retriedAt: Loop.Now);
            return;
        }

        _failures++;
        if (_failures > 1) _startAgainAt = Loop.Now + Math.Min(LongestBackOff, ShortestBackOff << Math.Min(_failures - 2, 16));
        if (_firstWaiting is { } first)
        {
            TakeOut(first);
            FailInit(first, failure);
        }

        KeepGoing();
        OfferRoom();
    }

    /// <summary>A worker's process is gone.</summary>
    public void OnGone(Worker worker)
    {
        _workers.Remove(worker);
        Function.OnProcessGone();
        KeepGoing();
    }

    public void Receive(in LoopMessage message)
    {
        switch (message.Verb)
        {
            case Warm or HasRoom:
                KeepGoing();
                break;
            case Retire:
                _retired = true;
                foreach (Worker worker in _workers.ToArray()) worker.Retire(WorkerEnd.Replaced);
                break;
            case Halt:
                _halted = true;
                while (_firstWaiting is { } waiting)
                {
                    TakeOut(waiting);
                    waiting.Refuse(FunctionOutcome.Aborted, 0, default);
                }

                foreach (Worker worker in _workers.ToArray()) worker.Stop(WorkerEnd.NodeStopped);
                Function.OnHalted();
                break;
            default:
                var far = (WorkerPool)message.Operand!;
                if (_firstWaiting is { } first && far.IdleCount > 0)
                {
                    TakeOut(first);
                    if (!CrossLoopCall.TrySend(first, this, far)) QueueAgain(first, far);
                }

                break;
        }
    }

    private void InvokeWithoutFree(LocalCall call)
    {
        if (_halted)
        {
            call.Refuse(FunctionOutcome.Aborted, 0, default);
            return;
        }

        if (!call.IsForwarded && Function.FreeElsewhereOrNull(this) is { } free && CrossLoopCall.TrySend(call, this, free)) return;
        bool startsOne = _starting <= _waitingCount && Loop.Now >= _startAgainAt && Function.TryAddWorker();
        if (!startsOne && _workerCount == 0)
        {
            // Nobody here can serve it: it waits where the workers are.
            if (!call.IsForwarded && Function.MostWorkersOrNull(this) is { } busy && CrossLoopCall.TrySend(call, this, busy)) return;
            if (Loop.Now < _startAgainAt && _lastFailure is { } failure)
            {
                FailInit(call, failure);
                return;
            }
        }

        if (!startsOne && !call.IsForwarded && Function.WaitingCount >= Function.Options.QueueLength + Function.StartingCount)
        {
            CountThrottled(ThrottledByLength);
            call.Throttle();
            return;
        }

        Queue(call);
        if (startsOne)
        {
            StartOne(attempt: 0, retriedAt: 0);
            return;
        }

        // A worker of another loop may have become free since they were looked at, before it could see that a call waits here. Each side says what it
        // has and looks at the other's then, so one of them sees it.
        if (call.IsForwarded || Function.FreeElsewhereOrNull(this) is not { } late) return;
        TakeOut(call);
        if (!CrossLoopCall.TrySend(call, this, late)) QueueAgain(call, late);
    }

    // The other loop's mailbox is full, and its free worker will not be told of twice: looked at again next turn.
    private void QueueAgain(LocalCall call, WorkerPool free)
    {
        Queue(call);
        Loop.PostFrom(Loop, new LoopMessage(this, HasFree, free, 0));
    }

    private void Queue(LocalCall call)
    {
        call.OnQueued(Loop.Now);
        call.Previous = _lastWaiting;
        if (_lastWaiting is { } last) last.Next = call;
        else _firstWaiting = call;
        _lastWaiting = call;
        Volatile.Write(ref _waitingCount, _waitingCount + 1);
        Function.AddWaiting();
        Metrics.Queue.Add(Loop.Ordinal, 1);
    }

    // The function has counted it in already.
    private void StartOne(int attempt, long retriedAt)
    {
        _starting++;
        Function.AddStarting(1);
        Volatile.Write(ref _workerCount, _workerCount + 1);
        Function.OnProcessStarts();
        var worker = new Worker(this, Function.NextOrdinal(), attempt, retriedAt, _launcher);
        _workers.Add(worker);
    }

    private void OnStarted()
    {
        _starting--;
        Function.AddStarting(-1);
    }

    // As many workers as are kept, and one for every invocation that waits, as far as there may be.
    private void KeepGoing()
    {
        if (_halted) return;
        int wanted = _retired ? 0 : _minimum - _workerCount;
        wanted = Math.Max(wanted, _waitingCount - _starting);
        if (_firstWaiting is not null && _workerCount == 0 && Loop.Now < _startAgainAt)
        {
            while (_firstWaiting is { } first)
            {
                TakeOut(first);
                FailInit(first, _lastFailure!);
            }

            wanted = _retired ? 0 : _minimum - _workerCount;
        }

        if (wanted > 0 && Loop.Now < _startAgainAt)
        {
            _housekeeping.ScheduleAt(_startAgainAt);
            return;
        }

        for (; wanted > 0 && Function.TryAddWorker(); wanted--) StartOne(attempt: 0, retriedAt: 0);
    }

    // A worker less: another loop, whose invocations wait because there were as many as there may be, can start one.
    private void OfferRoom()
    {
        if (!_halted && Function.WaitingElsewhereOrNull(this) is { } other) other.Loop.PostFrom(Loop, new LoopMessage(other, HasRoom, null, 0));
    }

    private void FailInit(LocalCall call, WorkerFailure failure)
    {
        Metrics.Count(Loop.Ordinal, InvocationEnd.InitFailed);
        call.OnResult(failed: true, failure.For(call.FunctionRequestId), "application/json"u8);
    }

    private void PutIdle(Worker worker)
    {
        worker.NextIdle = _idle;
        _idle = worker;
        Volatile.Write(ref _idleCount, _idleCount + 1);
    }

    // Nearly always the first: the worker that was busy last is the one whose memory is warm.
    private void TakeIdle(Worker worker)
    {
        if (ReferenceEquals(_idle, worker))
        {
            _idle = worker.NextIdle;
        }
        else
        {
            Worker? before = _idle;
            while (before is not null && !ReferenceEquals(before.NextIdle, worker)) before = before.NextIdle;
            if (before is null) return;
            before.NextIdle = worker.NextIdle;
        }

        worker.NextIdle = null;
        Volatile.Write(ref _idleCount, _idleCount - 1);
    }

    private ReadOnlyMemory<byte> ArnOf(FunctionName name)
    {
        if (_arns.TryGetValue(name, out ReadOnlyMemory<byte> arn)) return arn;
        LocalFunctionOptions options = Function.Options;
        FunctionName whole = name with
        {
            Partition = name.Partition.Length == 0 ? "aws" : name.Partition,
            Region = name.Region.Length == 0 ? options.Region : name.Region,
            Account = name.Account.Length == 0 ? options.Account : name.Account,
            Name = options.Name,
        };
        if (_arns.Count == MaximumArns) _arns.Clear();
        arn = Encoding.ASCII.GetBytes(whole.Arn);
        _arns.Add(name, arn);
        return arn;
    }

    private void StopIdle(long now)
    {
        long idle = Function.Options.IdleTimeout.Ticks * 100;
        int spare = _workerCount - _minimum;
        foreach (Worker worker in _workers.ToArray())
        {
            if (spare <= 0) return;
            if (worker.Phase != WorkerPhase.Idle || now - worker.IdleSince < idle) continue;
            spare--;
            worker.Retire(WorkerEnd.Idle);
        }
    }

    /// <summary>What is due now and then: idle workers are ended, and failed starts tried again.</summary>
    private sealed class Housekeeping(WorkerPool pool) : LoopTimer
    {
        public void Schedule()
        {
            if (Deadline == long.MaxValue && pool._workerCount > pool._minimum) pool.Loop.Timers.Set(this, pool.Loop.Now + Interval);
        }

        public void ScheduleAt(long when)
        {
            if (Deadline > when) pool.Loop.Timers.Set(this, when);
        }

        protected override void OnDeadline(long now)
        {
            pool.StopIdle(now);
            pool.KeepGoing();
            if (pool._idle is not null) Schedule();
        }

        private long Interval => Math.Max(TimerWheel.TickNanoseconds, pool.Function.Options.IdleTimeout.Ticks * 100 / 4);
    }
}

using System.Globalization;
using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Lambda.Runtime;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Lambda.Workers;

/// <summary>One process of a local function, as its loop sees it: given an event at a time, timed, ended.</summary>
/// <remarks>
/// <code>
///   Starting --first poll--> Idle --event--> Busy --next poll--> Idle
///      \------------------------\----------------\--init failed, time-out, exit, idle, replaced--> Stopping --exit--> Gone
/// </code>
/// Loop thread only; what the process does comes as messages.
/// </remarks>
internal sealed class Worker : LoopTimer, IRuntimeHost, ILoopRecipient
{
    /// <summary>The process runs; the number is its id.</summary>
    public const int Started = 1;

    /// <summary>The process could not be started; the operand is a <see cref="WorkerFailure"/>.</summary>
    public const int NotStarted = 2;

    /// <summary>The process has ended; the number is its exit code.</summary>
    public const int Exited = 3;

    // How long the last words of a process that has ended are waited for: they lie in the kernel already.
    private const long LastWords = 100_000_000;

    // A worker is given several events at once only after so many in a row from which it came back soon: one that is slow must not keep others waiting.
    private const int QuickEnough = 64;
    private const long Quick = 10_000_000;

    // Events that leave together are copied into one reply.
    private const int MostTogether = 64 << 10;

    // A signal may come before the process leads the group that is signalled.
    private const long KillAgain = 1_000_000_000;

    private readonly WorkerPool _pool;
    private readonly IWorkerSeat _seat;
    private readonly long _bornAt;
    private long _givenAt;
    private long _leftAt;
    private int _quick;
    private long _initNanoseconds;
    private long _retriedAt;
    private bool _started;
    private bool _exited;
    private bool _isTold;
    private WorkerEnd? _end;

    /// <param name="pool">Whom it belongs to.</param>
    /// <param name="ordinal">Tells it from the function's other workers, for as long as the node runs.</param>
    /// <param name="attempt">0; 1 when the start before, for the same invocation, failed.</param>
    /// <param name="retriedAt">When the time of the invocation began to run, for a start that is repeated; else 0.</param>
    /// <param name="launcher">Starts the process.</param>
    public Worker(WorkerPool pool, int ordinal, int attempt, long retriedAt, IWorkerLauncher launcher)
    {
        _pool = pool;
        Attempt = attempt;
        _retriedAt = retriedAt;
        Name = string.Create(CultureInfo.InvariantCulture, $"{pool.Loop.Ordinal}.{ordinal}");
        _bornAt = pool.Loop.Now;
        Handler = new RuntimeHandler(pool.Loop, this, pool.Random.Next(), pool.Function.Options.StreamLimit);
        Phase = WorkerPhase.Starting;
        pool.Metrics.Move(Stripe, null, Phase);
        pool.Loop.Timers.Set(this, _bornAt + Nanoseconds(attempt == 0 ? Options.InitTimeout : Options.Timeout));
        _seat = launcher.Launch(this);
    }

    /// <summary>The last that its process wrote.</summary>
    public LogTail Tail => _seat.Tail;

    public RuntimeHandler Handler { get; }

    public WorkerPhase Phase { get; private set; }

    /// <summary>0 for a first start, 1 for one that is repeated within an invocation.</summary>
    public int Attempt { get; }

    /// <summary>For logs.</summary>
    public string Name { get; }

    public LocalFunction Function => _pool.Function;

    public EventLoop Loop => _pool.Loop;

    /// <summary>Since when it has nothing to do.</summary>
    public long IdleSince { get; private set; }

    /// <summary>The next of the pool's idle workers.</summary>
    public Worker? NextIdle { get; set; }

    private LocalFunctionOptions Options => _pool.Function.Options;

    private int Stripe => _pool.Loop.Ordinal;

    private ILogger Log => _pool.Function.Log;

    /// <summary>Gives it an event. Only while it is idle, or says that it is ready.</summary>
    public void Give(LocalCall call)
    {
        Move(WorkerPhase.Busy);
        long now = Loop.Now;
        _leftAt = _givenAt = now;
        _isTold = true;

        // A start that was repeated for this invocation counts within the function's time.
        long from = _retriedAt != 0 && call.QueuedAt <= _retriedAt ? _retriedAt : now;
        _retriedAt = 0;
        long until = from + Nanoseconds(Options.Timeout);
        Loop.Timers.Set(this, until);
        call.OnGiven(this);
        Handler.Deliver(call, call.FactsWith(DeadlineOf(until - now)));
        TellStart();
    }

    public void OnGiving(int most)
    {
        if (_quick < QuickEnough) return;
        int room = MostTogether;
        for (int left = Math.Min(most, _pool.ShareOfWaiting(Options.Ahead)); left > 0 && _pool.TakeNextOrNull(room) is { } call; left--)
        {
            room -= call.Event.Length;
            _pool.Metrics.Ahead.Increment(Stripe);
            call.OnGiven(this);
            Handler.Follow(call, call.FactsWith(DeadlineOf(Nanoseconds(Options.Timeout))));
        }
    }

    public void OnFollowing(IInvocationSink? sink)
    {
        _givenAt = Loop.Now;
        _isTold = true;
        Loop.Timers.Set(this, _givenAt + Nanoseconds(Options.Timeout));
        (sink as LocalCall)?.OnBegun();
        TellStart();
    }

    /// <summary>Ends it: when it has an event, after that, else now.</summary>
    public void Retire(WorkerEnd end)
    {
        if (Phase is WorkerPhase.Idle) Stop(end);
    }

    /// <summary>Ends it now.</summary>
    public void Stop(WorkerEnd end) => Stop(end, new WorkerFailure("Sandbox.Failure", "The node stops"));

    public void OnReady()
    {
        if (_exited) return; // asked before it ended: there is nobody to be given an event
        Loop.Timers.Clear(this);
        if (Phase == WorkerPhase.Starting)
        {
            _initNanoseconds = Loop.Now - _bornAt;
            _pool.Metrics.ColdStarts.Increment(Stripe);
            LambdaLog.WorkerStarted(Log, Options.Name, Name, Milliseconds(_initNanoseconds));
        }

        bool wasStarting = Phase == WorkerPhase.Starting;
        _quick = !wasStarting && Loop.Now - _leftAt < Quick ? Math.Min(_quick + 1, QuickEnough) : 0;
        if (Phase is not (WorkerPhase.Starting or WorkerPhase.Busy)) return;
        Move(WorkerPhase.Idle);
        IdleSince = Loop.Now;
        _pool.OnReady(this, wasStarting);
    }

    public void OnRepeatedPoll() => LambdaLog.RepeatedPoll(Log, Options.Name, Name);

    public void OnAnswered(InvocationEnd end, long bytes)
    {
        long took = Loop.Now - _givenAt;
        _isTold = false;
        _pool.Metrics.Count(Stripe, end);
        _pool.Metrics.Durations.Observe(Stripe, took);
        if (Log.IsEnabled(LogLevel.Debug)) Report(took);
    }

    public void OnInitError(PooledBytes document) => FailInit(WorkerEnd.InitFailed, "error", WorkerFailure.Said(document));

    public void Receive(in LoopMessage message)
    {
        switch (message.Verb)
        {
            case Started:
                _started = true;
                if (Phase == WorkerPhase.Stopping && !_exited) BeginEnd();
                break;
            case NotStarted:
                OnNotStarted((WorkerFailure)message.Operand!);
                break;
            default:
                OnExitedAsync((int)message.Number).Forget();
                break;
        }
    }

    protected override void OnDeadline(long now)
    {
        switch (Phase)
        {
            case WorkerPhase.Starting when Attempt == 0:
                FailInit(WorkerEnd.InitTimedOut, "timeout", new WorkerFailure("Sandbox.Timedout", RuntimeDocuments.TimedOut(Options.InitTimeout)));
                break;
            case WorkerPhase.Starting:
                FailInit(WorkerEnd.InitTimedOut, "timeout", new WorkerFailure("Sandbox.Timedout", RuntimeDocuments.TimedOut(Options.Timeout)));
                break;
            case WorkerPhase.Busy:
                string text = RuntimeDocuments.TimedOut(Options.Timeout);
                LambdaLog.TimedOut(Log, Options.Name, Name, RequestIdText(), text);
                if (_isTold) OnAnswered(InvocationEnd.TimedOut, 0);
                Stop(WorkerEnd.TimedOut, new WorkerFailure("Sandbox.Timedout", text));
                break;
            case WorkerPhase.Stopping:
                _seat.Kill();
                Loop.Timers.Set(this, now + KillAgain);
                break;
        }
    }

    private static long DeadlineOf(long left) => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + (left / 1_000_000);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 2);

    private void TellStart()
    {
        _seat.Tag(Handler.RequestId);
        if (Log.IsEnabled(LogLevel.Debug)) LambdaLog.Start(Log, RequestIdText(), Options.Version, Options.Name, Name);
    }

    private void Stop(WorkerEnd end, WorkerFailure failure)
    {
        if (Phase is WorkerPhase.Stopping or WorkerPhase.Gone) return;
        if (Phase == WorkerPhase.Busy && _isTold) OnAnswered(end == WorkerEnd.TimedOut ? InvocationEnd.TimedOut : InvocationEnd.Exited, 0);
        _end = end;
        WorkerPhase last = Phase;
        Move(WorkerPhase.Stopping);
        LambdaLog.WorkerStops(Log, Options.Name, Name, end.ToString());
        Handler.End(failure.For(Handler.RequestId));
        if (_started && !_exited) BeginEnd();
        _pool.OnStopping(this, last);
        while (Handler.TakeFollowingOrNull() is LocalCall call) PassOn(call, failure);
    }

    // What was given ahead has not begun as long as what came before it has not been answered. Only a process that a signal ended may have kept an answer.
    private void PassOn(LocalCall call, WorkerFailure failure)
    {
        if (!failure.IsSudden)
        {
            _pool.InvokeAgain(call);
            return;
        }

        _pool.Metrics.Count(Stripe, InvocationEnd.Exited);
        call.OnResult(failed: true, failure.For(call.FunctionRequestId), "application/json"u8);
    }

    private void BeginEnd()
    {
        _seat.Terminate();
        Loop.Timers.Set(this, Loop.Now + Nanoseconds(Options.KillDelay));
    }

    private void FailInit(WorkerEnd end, string status, WorkerFailure failure)
    {
        if (Phase != WorkerPhase.Starting) return;
        LambdaLog.InitFailed(Log, Options.Name, Name, Milliseconds(Loop.Now - _bornAt), status, failure.ErrorType, failure.What);
        Stop(end, failure);
        _pool.OnInitFailed(this, failure, _retriedAt);
    }

    private void OnNotStarted(WorkerFailure failure)
    {
        FailInit(WorkerEnd.InitFailed, "error", failure);
        Finish();
    }

    // What the process has sent before it ended may still be on its way through the kernel and this loop. One that had nothing to do owes nothing, and must
    // not be given an event meanwhile.
    private async LoopTask OnExitedAsync(int code)
    {
        _exited = true;
        Handler.AbortPolls();
        long until = Loop.Now + LastWords;
        while (_seat.OpenConnections > 0 && Loop.Now < until && Phase is (WorkerPhase.Starting or WorkerPhase.Busy))
        {
            using var pause = new Pause(Loop);
            await pause.WaitAsync();
        }

        var failure = WorkerFailure.Exited(code);
        if (Phase == WorkerPhase.Starting)
        {
            FailInit(WorkerEnd.InitFailed, "error", failure);
        }
        else if (Phase is WorkerPhase.Idle or WorkerPhase.Busy)
        {
            LambdaLog.WorkerEnded(Log, Options.Name, Name, failure.What, Phase == WorkerPhase.Busy && _isTold ? "serving a request" : "idle");
            Stop(WorkerEnd.Exited, failure);
        }

        Finish();
    }

    private void Finish()
    {
        if (Phase == WorkerPhase.Gone) return;
        Loop.Timers.Detach(this);
        _pool.Metrics.Move(Stripe, Phase, WorkerPhase.Gone);
        _pool.Metrics.Count(Stripe, _end ?? WorkerEnd.Exited);
        Phase = WorkerPhase.Gone;
        if (_exited) _seat.Kill(); // what it started and left behind
        _seat.Close();
        _pool.OnGone(this);
    }

    private void Move(WorkerPhase phase)
    {
        _pool.Metrics.Move(Stripe, Phase, phase);
        Phase = phase;
    }

    private string RequestIdText() => Encoding.ASCII.GetString(Handler.RequestId);

    private void Report(long took)
    {
        string id = RequestIdText();
        LambdaLog.End(Log, id, Options.Name, Name);
        double milliseconds = took / 1e6;
        string init = _initNanoseconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"Init Duration: {_initNanoseconds / 1e6:0.00} ms\t") : "";
        LambdaLog.Report(
            Log,
            string.Create(CultureInfo.InvariantCulture, $"REPORT RequestId: {id}\t{init}Duration: {milliseconds:0.00} ms\tBilled Duration: {Math.Ceiling(milliseconds)} ms\tMemory Size: {Options.MemoryMegabytes} MB\t"),
            Options.Name,
            Name);
        _initNanoseconds = 0;
    }

    /// <summary>The next tick of the loop's clock.</summary>
    private sealed class Pause(EventLoop loop) : LoopTimer, IDisposable
    {
        private readonly LoopSignal<bool> _over = new();

        public LoopTask<bool> WaitAsync()
        {
            loop.Timers.Set(this, loop.Now + TimerWheel.TickNanoseconds);
            return _over.WaitAsync();
        }

        public void Dispose() => loop.Timers.Detach(this);

        protected override void OnDeadline(long now) => _over.Set(true);
    }
}

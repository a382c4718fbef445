using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>Calls that nobody waits for, of targets that cannot queue them themselves: made in the background, and again when they fail (specification lambda.md 11, Event).</summary>
/// <remarks>In memory: what is in it when the process ends is lost. Loop thread only.</remarks>
internal sealed class EventQueue(FunctionClients clients)
{
    private const int MostRunning = 64;
    private const int Overhead = 1024;
    private const long Second = 1_000_000_000;

    // Twice after errors of the function, after one minute and after two more; after those of the way there for six hours.
    private const long FirstPause = 60 * Second;
    private const long LongestPause = 300 * Second;
    private const long Age = 6 * 3600 * Second;
    private const int MostFunctionErrors = 3;

    // The longest that a function may take (section 1).
    private const long CallTime = 900 * Second;

    private readonly Queue<Job> _ready = new();
    private int _running;

    /// <summary>Bytes that wait, with what each event costs beside its own.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes a copy of an event; false when there are too many.</summary>
    public bool TryAdd(FunctionName function, ReadOnlySpan<byte> body, ReadOnlySpan<byte> trace, ReadOnlySpan<byte> clientContext)
    {
        long cost = body.Length + trace.Length + clientContext.Length + Overhead;
        if (Bytes + cost > clients.Table.Limits.EventQueue)
        {
            clients.Metrics.QueueFull.Increment(clients.Loop.Ordinal);
            return false;
        }

        Bytes += cost;
        _ready.Enqueue(new Job(this, function, body.ToArray(), trace.ToArray(), clientContext.ToArray(), cost, clients.Loop.Now));
        Pump();
        return true;
    }

    private void Pump()
    {
        while (_running < MostRunning && _ready.TryDequeue(out Job? job))
        {
            _running++;
            RunAsync(job).Forget();
        }
    }

    private async LoopTask RunAsync(Job job)
    {
        // The caller's answer first: it has not been told yet that the event was taken.
        await clients.Loop.YieldAsync();
        FunctionOutcome outcome = await CallAsync(job);
        _running--;
        long pause = job.PauseAfter(outcome, clients.Loop.Now);
        if (pause < 0) Bytes -= job.Cost;
        else clients.Loop.Timers.Set(job, clients.Loop.Now + pause);
        Pump();
    }

    private async LoopTask<FunctionOutcome> CallAsync(Job job)
    {
        if (clients.RentOrNull(job.Function) is not { } call) return FunctionOutcome.NotFound;
        call.Event = new BodyChunk(job.Body, 0, job.Body.Length);
        call.Trace = job.Trace;
        call.ClientContext = job.ClientContext;
        call.Deadline = clients.Loop.Now + CallTime;
        FunctionOutcome outcome = await call.InvokeAsync();
        call.Return();
        return outcome;
    }

    private sealed class Job(EventQueue queue, FunctionName function, byte[] body, byte[] trace, byte[] clientContext, long cost, long since) : LoopTimer
    {
        private int _functionErrors;
        private int _otherErrors;

        public FunctionName Function => function;

        public byte[] Body => body;

        public byte[] Trace => trace;

        public byte[] ClientContext => clientContext;

        public long Cost => cost;

        /// <summary>How long to wait before the next attempt; negative for no more.</summary>
        public long PauseAfter(FunctionOutcome outcome, long now)
        {
            switch (outcome)
            {
                case FunctionOutcome.FunctionError or FunctionOutcome.TimedOut:
                    return ++_functionErrors < MostFunctionErrors ? FirstPause * _functionErrors : -1;
                case FunctionOutcome.Throttled or FunctionOutcome.ConnectFailed or FunctionOutcome.TlsFailed or FunctionOutcome.ServiceFailed:
                    return now - since < Age ? Math.Min(LongestPause, Second << Math.Min(_otherErrors++, 16)) : -1;
                default:
                    return -1;
            }
        }

        protected override void OnDeadline(long now)
        {
            queue._ready.Enqueue(this);
            queue.Pump();
        }
    }
}

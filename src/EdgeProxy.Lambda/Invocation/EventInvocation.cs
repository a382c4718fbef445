using EdgeProxy.Core.Concurrency;
using EdgeProxy.Lambda.Workers;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>An invocation of type Event (specification lambda.md 11): its caller has gone with 202; it is tried up to three times.</summary>
/// <remarks>After an error of the function it is tried again one minute later, then two; when throttled, every minute for up to six hours. Nothing is kept beyond the node's life.</remarks>
internal sealed class EventInvocation : LoopTimer
{
    private const long Minute = 60_000_000_000;
    private const long LongestThrottled = 6 * 60 * Minute;
    private const int Attempts = 3;

    private readonly WorkerPool _pool;
    private readonly InvocationCopy _copy;
    private readonly LoopSignal<bool> _due = new();

    private EventInvocation(WorkerPool pool, LocalCall call)
    {
        _pool = pool;
        _copy = new InvocationCopy(call);
    }

    /// <summary>Takes the event over; false when as many are under way as may wait.</summary>
    public static bool TryStart(WorkerPool pool, LocalCall call)
    {
        if (!pool.Function.TryAddEvent())
        {
            pool.CountThrottled(WorkerPool.ThrottledByLength);
            return false;
        }

        new EventInvocation(pool, call).RunAsync().Forget();
        return true;
    }

    protected override void OnDeadline(long now) => _due.Set(true);

    private async LoopTask RunAsync()
    {
        long until = _pool.Loop.Now + LongestThrottled;
        int attempt = 1;
        while (true)
        {
            LocalCall call = _pool.Rent();
            _copy.Fill(call);
            call.Streams = false;
            FunctionOutcome outcome = await call.InvokeAsync();
            call.Return();
            bool throttled = outcome is FunctionOutcome.Throttled;
            if (!throttled && (outcome != FunctionOutcome.FunctionError || attempt == Attempts)) break;
            if (throttled && _pool.Loop.Now >= until) break;
            _pool.Loop.Timers.Set(this, _pool.Loop.Now + (throttled ? Minute : attempt++ * Minute));
            await _due.WaitAsync();
        }

        _copy.Return();
        _pool.Function.RemoveEvent();
    }
}

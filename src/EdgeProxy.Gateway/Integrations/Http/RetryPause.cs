using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Integrations.Http;

/// <summary>Waits before a target that has failed is tried once more. One request's; loop thread only.</summary>
internal sealed class RetryPause : LoopTimer, IAbortable
{
    private readonly LoopSignal<bool> _over = new();

    /// <summary>Waits; false when it was given up.</summary>
    /// <param name="timers">The loop's.</param>
    /// <param name="until">Monotonic nanoseconds.</param>
    public async LoopTask<bool> WaitAsync(TimerWheel timers, long until)
    {
        timers.Set(this, until);
        bool isOver = await _over.WaitAsync();
        timers.Clear(this);
        return isOver;
    }

    public void Abort() => _over.Set(false);

    protected override void OnDeadline(long now) => _over.Set(true);
}

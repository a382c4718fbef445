using System.Collections.Concurrent;

namespace EdgeProxy.Load.Driving;

/// <summary>Brings what scenarios await elsewhere (a timer, say) back to the thread that drives the load.</summary>
internal sealed class LoopContext : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();

    /// <summary>Whether something waits.</summary>
    public bool HasPosted => !_posted.IsEmpty;

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    /// <summary>Runs what was posted before the call; what that posts in turn comes at the next.</summary>
    public void Run()
    {
        for (int left = _posted.Count; left > 0 && _posted.TryDequeue(out (SendOrPostCallback Callback, object? State) next); left--) next.Callback(next.State);
    }
}

namespace EdgeProxy.Core.Concurrency;

/// <summary>Something a loop can run: the rest of an async method, or a callback that was posted.</summary>
/// <remarks>Intrusive: an instance is in at most one ready queue, at most once, at a time.</remarks>
public abstract class LoopContinuation
{
    internal LoopContinuation? NextReady;

    /// <summary>Runs on the loop's thread. Exceptions reach <see cref="LoopScheduler.OnUnhandled"/>.</summary>
    public abstract void Run();
}

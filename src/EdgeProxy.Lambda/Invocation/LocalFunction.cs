using EdgeProxy.Core.Concurrency;
using EdgeProxy.Lambda.Workers;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>A function that this node runs: its workers on all loops, its invocations, its limits.</summary>
/// <remarks>Shared by the loops. Each has a <see cref="WorkerPool"/> of its own; what they count together is here, in words that any of them may change.</remarks>
public sealed class LocalFunction
{
    private readonly WorkerPool[] _pools;
    private int _workers;
    private int _waiting;
    private int _starting;
    private int _events;
    private int _ordinals;
    private int _processes;
    private int _halting;

    internal LocalFunction(LocalFunctionOptions options, IReadOnlyList<EventLoop> loops, Func<EventLoop, IWorkerLauncher> launchers, FunctionMetrics metrics, ILogger log, int keepers = 0)
    {
        Options = options;
        Metrics = metrics;
        Log = log;
        _halting = loops.Count;
        _pools = new WorkerPool[loops.Count];
        if (keepers == 0) keepers = loops.Count;
        for (int i = 0; i < loops.Count; i++)
        {
            int minimum = i >= keepers ? 0 : (options.MinimumWorkers / keepers) + (i < options.MinimumWorkers % keepers ? 1 : 0);
            _pools[i] = new WorkerPool(this, loops[i], launchers(loops[i]), minimum);
        }
    }

    public LocalFunctionOptions Options { get; }

    internal FunctionMetrics Metrics { get; }

    internal ILogger Log { get; }

    internal int WaitingCount => Volatile.Read(ref _waiting);

    internal int StartingCount => Volatile.Read(ref _starting);

    /// <summary>Whether all its processes have ended after <see cref="Halt"/>. Any thread.</summary>
    public bool HasEnded => Volatile.Read(ref _halting) == 0 && Volatile.Read(ref _processes) == 0;

    /// <summary>Whether any of its processes runs, or starts. Any thread.</summary>
    public bool HasProcesses => Volatile.Read(ref _processes) > 0;

    /// <summary>A call for the loop that asks; the loop's thread only. Returned by <see cref="FunctionCall.Return"/>.</summary>
    /// <param name="loop">One of the node's data loops.</param>
    /// <param name="name">The name that the function is called by; callers keep one object for each.</param>
    public FunctionCall Rent(EventLoop loop, FunctionName name) => _pools[loop.Ordinal].Rent(name);

    /// <summary>Starts the workers that are kept. Any thread.</summary>
    public void Warm()
    {
        if (Options.MinimumWorkers == 0) return;
        foreach (WorkerPool pool in _pools) pool.PostWarm();
    }

    /// <summary>The function was changed or taken out: workers end as they become free. Calls that still come are served. Control thread.</summary>
    public void Retire()
    {
        foreach (WorkerPool pool in _pools) pool.PostRetire();
    }

    /// <summary>The node stops: what waits is given up, workers are ended. Control thread.</summary>
    public void Halt()
    {
        foreach (WorkerPool pool in _pools) pool.PostHalt();
    }

    internal bool TryAddWorker()
    {
        if (Interlocked.Increment(ref _workers) <= Options.MaximumWorkers) return true;
        Interlocked.Decrement(ref _workers);
        return false;
    }

    internal void RemoveWorker() => Interlocked.Decrement(ref _workers);

    internal void AddWaiting() => Interlocked.Increment(ref _waiting);

    internal void RemoveWaiting() => Interlocked.Decrement(ref _waiting);

    internal void AddStarting(int count) => Interlocked.Add(ref _starting, count);

    internal bool TryAddEvent()
    {
        if (Interlocked.Increment(ref _events) <= Math.Max(1, Options.QueueLength)) return true;
        Interlocked.Decrement(ref _events);
        return false;
    }

    internal void RemoveEvent() => Interlocked.Decrement(ref _events);

    internal int NextOrdinal() => Interlocked.Increment(ref _ordinals);

    internal void OnProcessStarts() => Interlocked.Increment(ref _processes);

    internal void OnProcessGone() => Interlocked.Decrement(ref _processes);

    internal void OnHalted() => Interlocked.Decrement(ref _halting);

    /// <summary>Another loop with a worker that is free, as far as can be told from here.</summary>
    internal WorkerPool? FreeElsewhereOrNull(WorkerPool asking)
    {
        foreach (WorkerPool pool in _pools)
        {
            if (pool.IdleCount > 0 && !ReferenceEquals(pool, asking)) return pool;
        }

        return null;
    }

    /// <summary>Another loop where invocations wait.</summary>
    internal WorkerPool? WaitingElsewhereOrNull(WorkerPool asking)
    {
        if (WaitingCount == 0) return null;
        foreach (WorkerPool pool in _pools)
        {
            if (pool.WaitingCount > 0 && !ReferenceEquals(pool, asking)) return pool;
        }

        return null;
    }

    /// <summary>The other loop with the most workers; null when none has any.</summary>
    internal WorkerPool? MostWorkersOrNull(WorkerPool asking)
    {
        WorkerPool? most = null;
        foreach (WorkerPool pool in _pools)
        {
            if (pool.WorkerCount > (most?.WorkerCount ?? 0) && !ReferenceEquals(pool, asking)) most = pool;
        }

        return most;
    }
}

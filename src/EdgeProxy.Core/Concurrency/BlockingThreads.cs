namespace EdgeProxy.Core.Concurrency;

/// <summary>A few threads of their own for one kind of work that blocks, with a queue that has an end.</summary>
/// <remarks>
/// Kept apart from the thread pool, so that work that hangs holds up only more work of its kind. Threads start when there is work
/// for them and then stay; they do not keep the process alive. The queue is locked: this is never the hot path.
/// </remarks>
public sealed class BlockingThreads(string name, int threads, int capacity)
{
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private int _started;
    private int _idle;

    /// <summary>Puts work behind the rest; false when as many wait as may, or no thread can be had. The work must not throw. Any thread.</summary>
    public bool TryQueue(IThreadPoolWorkItem work)
    {
        lock (_queue)
        {
            if (_queue.Count >= capacity) return false;
            if (_idle <= _queue.Count && _started < threads && !TryStart() && _started == 0) return false;
            _queue.Enqueue(work);
            Monitor.Pulse(_queue);
            return true;
        }
    }

    // Where no thread can be had, those that run already take the work later.
    private bool TryStart()
    {
        try
        {
            new Thread(Work) { IsBackground = true, Name = name }.Start();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }

        _started++;
        return true;
    }

    private void Work()
    {
        while (true)
        {
            IThreadPoolWorkItem work;
            lock (_queue)
            {
                _idle++;
                while (_queue.Count == 0) Monitor.Wait(_queue);
                _idle--;
                work = _queue.Dequeue();
            }

            work.Execute();
        }
    }
}

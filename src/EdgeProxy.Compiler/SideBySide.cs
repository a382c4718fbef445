namespace EdgeProxy.Compiler;

/// <summary>Does the same with many things, on all processors. What is done must be pure.</summary>
internal static class SideBySide
{
    // Expressions of operators may nest; the main thread's stack is as large.
    private const int StackBytes = 8 * 1024 * 1024;

    /// <summary>Calls <paramref name="act"/> with 0 to <paramref name="count"/> - 1, each once, and returns when all are done.</summary>
    public static void Run(int count, Action<int> act)
    {
        int next = -1;
        Exception? failure = null;
        var threads = new Thread[Math.Min(count, Environment.ProcessorCount) - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work, StackBytes) { IsBackground = true, Name = "compiler" };
            threads[i].Start();
        }

        Work();
        foreach (Thread thread in threads) thread.Join();
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            try
            {
                for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) act(i);
            }
            catch (Exception exception) when (Interlocked.CompareExchange(ref failure, exception, null) is null)
            {
                // Thrown again by the caller's thread, where it belongs.
                Volatile.Write(ref next, count);
            }
        }
    }
}

using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Runs;

/// <summary>Carries out a plan on as many threads as it names.</summary>
internal static class LoadRun
{
    private const nuint NanosecondOfSlack = 1;

    /// <summary>Runs the plan; each loop may be bound to the processors in <paramref name="processors"/> (a mask; 0: any).</summary>
    public static LoadResult Run(LoadPlan plan, ulong processors = 0)
    {
        LoadResult?[] parts = new LoadResult?[plan.Threads];
        Exception? failure = null;
        Thread[] threads = new Thread[plan.Threads];
        for (int index = 0; index < threads.Length; index++)
        {
            int part = index;
            threads[index] = new Thread(() =>
            {
                try
                {
                    Prepare(processors);
                    using LoadLoop loop = new(plan.PartOf(part));
                    parts[part] = loop.Run();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            });
            threads[index].Start();
        }

        foreach (Thread thread in threads) thread.Join();
        if (failure is not null) throw new IOException(failure.Message, failure);

        LoadResult all = new();
        foreach (LoadResult? part in parts) all.Add(part!);
        return all;
    }

    private static unsafe void Prepare(ulong processors)
    {
        // Timers of threads are late by up to 50 microseconds unless told otherwise, and that would be added to each latency.
        _ = Libc.ProcessControl(Libc.TimerSlack, NanosecondOfSlack, 0, 0, 0);
        if (processors != 0) Bind(processors);
    }

    /// <summary>Binds the calling thread, and those it will start, to the processors in a mask.</summary>
    public static unsafe void Bind(ulong processors) => _ = Libc.SetAffinity(0, sizeof(ulong), &processors);
}

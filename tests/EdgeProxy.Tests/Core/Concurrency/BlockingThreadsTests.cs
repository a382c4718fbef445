using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Tests.Core.Concurrency;

public sealed class BlockingThreadsTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _goOn = new(0);
    private readonly SemaphoreSlim _ended = new(0);
    private int _running;
    private int _most;

    [Fact]
    public void Runs_no_more_at_once_than_it_has_threads_and_all_in_the_end()
    {
        var threads = new BlockingThreads("test", threads: 2, capacity: 8);
        for (int i = 0; i < 6; i++) Assert.True(threads.TryQueue(new Work(this)));
        Wait(_begun, 2);
        _goOn.Release(6);
        Wait(_ended, 6);
        Assert.Equal(2, _most);
    }

    [Fact]
    public void Refuses_what_the_queue_has_no_room_for_until_it_has()
    {
        var threads = new BlockingThreads("test", threads: 1, capacity: 2);
        Assert.True(threads.TryQueue(new Work(this)));
        Wait(_begun, 1);
        Assert.True(threads.TryQueue(new Work(this)));
        Assert.True(threads.TryQueue(new Work(this)));
        Assert.False(threads.TryQueue(new Work(this)));
        _goOn.Release(1);
        Wait(_begun, 1);
        Assert.True(threads.TryQueue(new Work(this)));
        _goOn.Release(3);
        Wait(_ended, 4);
    }

    public void Dispose()
    {
        _begun.Dispose();
        _goOn.Dispose();
        _ended.Dispose();
    }

    private static void Wait(SemaphoreSlim semaphore, int times)
    {
        for (int i = 0; i < times; i++) Assert.True(semaphore.Wait(s_patience));
    }

    private sealed class Work(BlockingThreadsTests test) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            int running = Interlocked.Increment(ref test._running);
            int most;
            while ((most = Volatile.Read(ref test._most)) < running && Interlocked.CompareExchange(ref test._most, running, most) != most)
            {
            }

            test._begun.Release();
            test._goOn.Wait(s_patience);
            Interlocked.Decrement(ref test._running);
            test._ended.Release();
        }
    }
}

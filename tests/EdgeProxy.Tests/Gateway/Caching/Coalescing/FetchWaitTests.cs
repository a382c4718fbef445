using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Caching.Coalescing;

public sealed class FetchWaitTests : IDisposable
{
    private const ulong Key = 0x1234_5678_9ABC_DEF0;
    private const long Second = 1_000_000_000;

    private readonly LoopHarness _loop = new();
    private readonly FetchTable _table = new();

    public void Dispose()
    {
        Assert.Empty(_loop.Unhandled);
        Assert.Equal((0, 0), (_table.InFlight, _table.Waiting));
        _loop.Dispose();
    }

    [Fact]
    public void The_first_leads_and_the_others_wait_until_the_answer_is_stored()
    {
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        LoopTask<FetchOutcome> second = Join();
        LoopTask<FetchOutcome> third = Join();
        _loop.Run();
        Assert.False(second.IsCompleted || third.IsCompleted);
        Assert.Equal((1, 2), (_table.InFlight, _table.Waiting));
        _table.End(Key, FetchOutcome.Stored, _loop.Now);
        _loop.Run();
        Assert.Equal((FetchOutcome.Stored, FetchOutcome.Stored), (Result(second), Result(third)));
    }

    [Fact]
    public void Keys_do_not_wait_for_each_other()
    {
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        Assert.Equal(FetchOutcome.Leads, Result(Join(Key + 1)));
        _table.End(Key, FetchOutcome.Stored, _loop.Now);
        _table.End(Key + 1, FetchOutcome.Stored, _loop.Now);
    }

    [Fact]
    public void An_answer_for_one_only_lets_all_go_at_once_and_nobody_waits_for_the_next_ones()
    {
        Assert.False(_table.IsUncacheable(Key, _loop.Now));
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        LoopTask<FetchOutcome> second = Join();
        LoopTask<FetchOutcome> third = Join();
        _table.End(Key, FetchOutcome.Uncacheable, _loop.Now);
        _loop.Run();
        Assert.Equal((FetchOutcome.Uncacheable, FetchOutcome.Uncacheable), (Result(second), Result(third)));
        Assert.True(_table.IsUncacheable(Key, _loop.Now));
        Assert.True(_table.IsUncacheable(Key, _loop.Now + FetchTable.UncacheableFor - Second));
        Assert.False(_table.IsUncacheable(Key, _loop.Now + FetchTable.UncacheableFor + Second));
        Assert.False(_table.IsUncacheable(Key + 1, _loop.Now));
    }

    [Fact]
    public void When_the_leader_gives_up_the_next_one_leads_and_the_rest_wait_on()
    {
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        LoopTask<FetchOutcome> second = Join();
        LoopTask<FetchOutcome> third = Join();
        _table.Abandon(Key);
        _loop.Run();
        Assert.Equal(FetchOutcome.Leads, Result(second));
        Assert.False(third.IsCompleted);
        _table.End(Key, FetchOutcome.Stored, _loop.Now);
        _loop.Run();
        Assert.Equal(FetchOutcome.Stored, Result(third));
    }

    [Fact]
    public void A_fetch_that_is_given_up_with_nobody_waiting_is_forgotten()
    {
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        _table.Abandon(Key);
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        _table.Abandon(Key);
    }

    [Fact]
    public void A_wait_ends_at_its_deadline_and_the_others_are_left_alone()
    {
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        LoopTask<FetchOutcome> second = Join(seconds: 1);
        LoopTask<FetchOutcome> third = Join(seconds: 10);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(FetchOutcome.TimedOut, Result(second));
        Assert.False(third.IsCompleted);
        _table.End(Key, FetchOutcome.Stored, _loop.Now);
        _loop.Run();
        Assert.Equal(FetchOutcome.Stored, Result(third));
    }

    [Fact]
    public void A_client_that_goes_ends_its_own_wait_and_no_other()
    {
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        var leaving = new FetchWait(_loop);
        LoopTask<FetchOutcome> second = leaving.JoinAsync(_table, Key, 10, _loop.Now + Second);
        LoopTask<FetchOutcome> third = Join();
        leaving.Abort();
        _table.End(Key, FetchOutcome.Stored, _loop.Now);
        _loop.Run();
        Assert.Equal((FetchOutcome.Aborted, FetchOutcome.Stored), (Result(second), Result(third)));
    }

    [Fact]
    public void A_lead_that_comes_when_its_client_has_gone_is_passed_on()
    {
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        var leaving = new FetchWait(_loop);
        LoopTask<FetchOutcome> second = leaving.JoinAsync(_table, Key, 10, _loop.Now + Second);
        LoopTask<FetchOutcome> third = Join();
        _table.Abandon(Key); // the word to the second is in the mail
        leaving.Abort();
        _loop.Run();
        Assert.Equal((FetchOutcome.Aborted, FetchOutcome.Leads), (Result(second), Result(third)));
        _table.Abandon(Key);
    }

    [Fact]
    public void A_late_word_is_not_taken_for_the_next_wait()
    {
        var wait = new FetchWait(_loop);
        Assert.Equal(FetchOutcome.Leads, Result(Join()));
        Assert.Equal(FetchOutcome.Leads, Result(Join(Key + 1)));
        LoopTask<FetchOutcome> first = wait.JoinAsync(_table, Key, 10, _loop.Now + Second);
        _table.End(Key, FetchOutcome.Stored, _loop.Now); // in the mail
        wait.Abort();
        Assert.Equal(FetchOutcome.Aborted, Result(first));
        LoopTask<FetchOutcome> second = wait.JoinAsync(_table, Key + 1, 10, _loop.Now + Second);
        _loop.Run();
        Assert.False(second.IsCompleted);
        _table.End(Key + 1, FetchOutcome.Uncacheable, _loop.Now);
        _loop.Run();
        Assert.Equal(FetchOutcome.Uncacheable, Result(second));
    }

    [Fact]
    public void More_than_may_wait_fetch_their_own()
    {
        Assert.Equal(FetchOutcome.Leads, Result(Join(most: 1)));
        LoopTask<FetchOutcome> second = Join(most: 1);
        Assert.Equal(FetchOutcome.Crowded, Result(Join(most: 1)));
        _table.End(Key, FetchOutcome.Stored, _loop.Now);
        _loop.Run();
        Assert.Equal(FetchOutcome.Stored, Result(second));
    }

    [Fact]
    public void Who_would_not_wait_leads_only_where_nobody_does()
    {
        Assert.True(_table.TryLead(Key));
        Assert.False(_table.TryLead(Key));
        LoopTask<FetchOutcome> second = Join();
        _table.End(Key, FetchOutcome.Stored, _loop.Now);
        _loop.Run();
        Assert.Equal(FetchOutcome.Stored, Result(second));
    }

    [Fact]
    public void Of_many_loops_one_leads_at_a_time_and_all_are_woken()
    {
        const int Loops = 4;
        const int Rounds = 200;
        const int Waits = 5;
        int leading = 0;
        int led = 0;
        int woken = 0;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = new Thread[Loops];
        for (int i = 0; i < Loops; i++)
        {
            int ordinal = i;
            threads[i] = new Thread(() =>
            {
                try
                {
                    using var loop = new LoopHarness(ordinal);
                    var random = new Random(ordinal);
                    var waits = new FetchWait[Waits];
                    for (int n = 0; n < Waits; n++) waits[n] = new FetchWait(loop);
                    for (int round = 0; round < Rounds; round++)
                    {
                        int ended = 0;
                        foreach (FetchWait wait in waits) RunAsync(wait).Forget();
                        loop.Run();
                        while (ended < Waits) loop.RunUntilMail(TimeSpan.FromSeconds(30));

                        async LoopTask RunAsync(FetchWait wait)
                        {
                            FetchOutcome outcome = await wait.JoinAsync(_table, Key, int.MaxValue, long.MaxValue);
                            if (outcome == FetchOutcome.Leads)
                            {
                                if (Interlocked.Increment(ref leading) != 1) failures.Enqueue(new InvalidOperationException("Two lead at once."));
                                Interlocked.Increment(ref led);
                                for (int turns = random.Next(3); turns > 0; turns--) await loop.YieldAsync();
                                Interlocked.Decrement(ref leading);
                                if (random.Next(4) == 0) _table.Abandon(Key);
                                else _table.End(Key, FetchOutcome.Stored, loop.Now);
                            }
                            else
                            {
                                Interlocked.Increment(ref woken);
                            }

                            ended++;
                        }
                    }

                    foreach (Exception exception in loop.Unhandled) failures.Enqueue(exception);
                }
                catch (Exception exception)
                {
                    failures.Enqueue(exception);
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads) thread.Join();
        Assert.Empty(failures);
        Assert.Equal(Loops * Rounds * Waits, led + woken);
        Assert.True(led < woken, $"{led} led, {woken} were woken");
    }

    private LoopTask<FetchOutcome> Join(ulong key = Key, int most = 100, int seconds = 5) =>
        new FetchWait(_loop).JoinAsync(_table, key, most, _loop.Now + (seconds * Second));

    private static FetchOutcome Result(LoopTask<FetchOutcome> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Core.Concurrency;

public sealed class ConcurrencyLimitTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Lets_in_as_many_as_the_cap_says_and_the_next_when_one_has_left()
    {
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(2, 0, Second);
        Assert.True(limit.TryEnter(cap));
        Assert.True(limit.TryEnter(cap));
        Assert.False(limit.TryEnter(cap));
        Assert.Equal(2, limit.InUse);
        limit.Leave();
        Assert.True(limit.TryEnter(cap));
    }

    [Fact]
    public void Refuses_at_once_without_a_queue()
    {
        using var loop = new LoopHarness();
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 0, Second);
        Assert.Equal(SlotOutcome.Entered, loop.Await(limit.EnterAsync(cap, new SlotWait(), loop)));
        Assert.Equal(SlotOutcome.QueueFull, loop.Await(limit.EnterAsync(cap, new SlotWait(), loop)));
    }

    [Fact]
    public void Gives_slots_to_those_who_wait_in_the_order_they_came()
    {
        using var loop = new LoopHarness();
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 3, Second);
        Assert.True(limit.TryEnter(cap));
        LoopTask<SlotOutcome>[] tasks = [.. Enumerable.Range(0, 4).Select(_ => limit.EnterAsync(cap, new SlotWait(), loop))];
        Assert.Equal(3, limit.Waiting);
        Assert.Equal(SlotOutcome.QueueFull, loop.Await(tasks[3]));
        for (int i = 0; i < 3; i++)
        {
            Assert.False(tasks[i].IsCompleted);
            limit.Leave();
            Assert.Equal(SlotOutcome.Entered, loop.Await(tasks[i]));
            Assert.Equal(1, limit.InUse);
            Assert.Equal(2 - i, limit.Waiting);
        }
    }

    [Fact]
    public void Nobody_enters_past_those_who_wait()
    {
        using var loop = new LoopHarness(0);
        using var other = new LoopHarness(1);
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 3, Second);
        Assert.True(limit.TryEnter(cap));
        loop.EnterThread();
        LoopTask<SlotOutcome> waiting = limit.EnterAsync(cap, new SlotWait(), loop);
        other.EnterThread();
        limit.Leave(); // its mail is on the way
        Assert.False(limit.TryEnter(cap));
        Assert.False(waiting.IsCompleted);
        loop.EnterThread();
        Assert.Equal(SlotOutcome.Entered, loop.Await(waiting));
    }

    [Fact]
    public void Ends_a_wait_when_its_time_is_over_and_not_before()
    {
        using var loop = new LoopHarness();
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 1, Second);
        Assert.True(limit.TryEnter(cap));
        LoopTask<SlotOutcome> task = limit.EnterAsync(cap, new SlotWait(), loop);
        loop.Advance(TimeSpan.FromMilliseconds(980));
        Assert.False(task.IsCompleted);
        loop.Advance(TimeSpan.FromMilliseconds(40));
        Assert.Equal(SlotOutcome.TimedOut, loop.Await(task));
        Assert.Equal((1, 0), (limit.InUse, limit.Waiting));
        limit.Leave();
        Assert.True(limit.TryEnter(cap));
    }

    [Fact]
    public void Gives_up_a_wait_wherever_in_the_queue_it_is()
    {
        using var loop = new LoopHarness();
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 5, Second);
        for (int victim = 0; victim < 5; victim++)
        {
            Assert.True(limit.TryEnter(cap));
            SlotWait[] waits = [.. Enumerable.Range(0, 5).Select(_ => new SlotWait())];
            LoopTask<SlotOutcome>[] tasks = [.. waits.Select(wait => limit.EnterAsync(cap, wait, loop))];
            waits[victim].Abort();
            waits[victim].Abort();
            Assert.Equal(4, limit.Waiting);
            for (int i = 0; i < 5; i++)
            {
                if (i != victim) limit.Leave();
                Assert.Equal(i == victim ? SlotOutcome.Aborted : SlotOutcome.Entered, loop.Await(tasks[i]));
            }

            limit.Leave();
            Assert.Equal((0, 0), (limit.InUse, limit.Waiting));
        }
    }

    [Fact]
    public void A_slot_on_its_way_to_one_who_gives_up_goes_to_the_next_or_back()
    {
        using var loop = new LoopHarness(0);
        using var other = new LoopHarness(1);
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 3, Second);
        foreach (bool isSomebodyElseThere in (bool[])[true, false])
        {
            Assert.True(limit.TryEnter(cap));
            loop.EnterThread();
            var first = new SlotWait();
            LoopTask<SlotOutcome> given = limit.EnterAsync(cap, first, loop);
            LoopTask<SlotOutcome> next = isSomebodyElseThere ? limit.EnterAsync(cap, new SlotWait(), loop) : SlotOutcome.Entered;
            other.EnterThread();
            limit.Leave();
            loop.EnterThread();
            first.Abort();
            Assert.Equal(SlotOutcome.Aborted, loop.Await(given));
            Assert.Equal(SlotOutcome.Entered, loop.Await(next));
            Assert.Equal((isSomebodyElseThere ? 1 : 0, 0), (limit.InUse, limit.Waiting));
            if (isSomebodyElseThere) limit.Leave();
        }
    }

    // One that comes between must not be left with the place of the one that went.
    [Fact]
    public void One_who_comes_while_an_unwanted_slot_is_on_its_way_gets_it()
    {
        using var loop = new LoopHarness(0);
        using var other = new LoopHarness(1);
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 1, Second);
        Assert.True(limit.TryEnter(cap));
        loop.EnterThread();
        var first = new SlotWait();
        LoopTask<SlotOutcome> given = limit.EnterAsync(cap, first, loop);
        other.EnterThread();
        limit.Leave();
        loop.EnterThread();
        first.Abort();
        Assert.Equal(1, limit.InUse); // on its way
        LoopTask<SlotOutcome> late = limit.EnterAsync(cap, new SlotWait(), loop);
        Assert.Equal(SlotOutcome.Aborted, loop.Await(given));
        Assert.Equal(SlotOutcome.Entered, loop.Await(late));
        Assert.Equal((1, 0), (limit.InUse, limit.Waiting));
    }

    [Fact]
    public void Serves_the_loops_in_turn()
    {
        LoopHarness[] loops = [new LoopHarness(0), new LoopHarness(1), new LoopHarness(2)];
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 100, Second);
        Assert.True(limit.TryEnter(cap));
        var served = new List<int>();
        foreach (LoopHarness loop in loops)
        {
            loop.EnterThread();
            for (int i = 0; i < 4; i++) ServeAsync(loop).Forget();
        }

        limit.Leave();
        for (int i = 0; i < 12; i++)
        {
            foreach (LoopHarness loop in loops)
            {
                loop.EnterThread();
                loop.Run();
            }
        }

        Assert.Equal(12, served.Count);
        for (int i = 0; i < 12; i += 3) Assert.Equal([0, 1, 2], served[i..(i + 3)].Order());
        foreach (LoopHarness loop in loops) loop.Dispose();

        async LoopTask ServeAsync(LoopHarness loop)
        {
            Assert.Equal(SlotOutcome.Entered, await limit.EnterAsync(cap, new SlotWait(), loop));
            served.Add(loop.Ordinal);
            await loop.YieldAsync();
            limit.Leave();
        }
    }

    [Fact]
    public void Follows_the_figures_that_come_with_a_call()
    {
        using var loop = new LoopHarness();
        var limit = new ConcurrencyLimit();
        var one = new ConcurrencyCap(1, 5, Second);
        Assert.True(limit.TryEnter(one));
        LoopTask<SlotOutcome> first = limit.EnterAsync(one, new SlotWait(), loop);
        LoopTask<SlotOutcome> second = limit.EnterAsync(one, new SlotWait(), loop);

        // More room is for those who wait, before the one who brings the news.
        LoopTask<SlotOutcome> third = limit.EnterAsync(one with { Max = 3 }, new SlotWait(), loop);
        Assert.Equal(SlotOutcome.Entered, loop.Await(first));
        Assert.Equal(SlotOutcome.Entered, loop.Await(second));
        Assert.False(third.IsCompleted);

        // Less room: nobody is thrown out, nobody comes in.
        Assert.False(limit.TryEnter(one));
        limit.Leave();
        limit.Leave();
        Assert.False(third.IsCompleted);
        limit.Leave();
        Assert.Equal(SlotOutcome.Entered, loop.Await(third));
        Assert.Equal((1, 0), (limit.InUse, limit.Waiting));
    }

    [ReleaseFact]
    public void Allocates_nothing_whether_it_waits_or_not()
    {
        using var loop = new LoopHarness();
        var limit = new ConcurrencyLimit();
        var cap = new ConcurrencyCap(1, 5, Second);
        var wait = new SlotWait();
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                if (limit.EnterAsync(cap, wait, loop).GetAwaiter().GetResult() != SlotOutcome.Entered) Assert.Fail("not entered");
                LoopTask<SlotOutcome> waiting = limit.EnterAsync(cap, wait, loop);
                limit.Leave();
                loop.Run();
                if (waiting.GetAwaiter().GetResult() != SlotOutcome.Entered) Assert.Fail("not served");
                limit.Leave();
            }
        }));
    }

    [Theory]
    [InlineData(1, 1000, 1)]
    [InlineData(3, 1000, 2)]
    [InlineData(7, 4, 3)]
    [InlineData(2, 0, 4)]
    [InlineData(40, 1000, 5)]
    public void Never_lets_in_more_than_the_cap_and_never_forgets_one_who_waits_whatever_many_loops_do(int max, int queue, int seed) =>
        new Crowd(new ConcurrencyCap(max, queue, 1000 * Second), seed, givesUp: false).Run();

    [Theory]
    [InlineData(1, 1000, 6)]
    [InlineData(4, 10, 7)]
    [InlineData(3, 3, 8)]
    public void Loses_no_slot_when_waits_are_given_up_or_take_too_long(int max, int queue, int seed) =>
        new Crowd(new ConcurrencyCap(max, queue, 12_000_000), seed, givesUp: true).Run();

    /// <summary>Loops on threads of their own, each with users that come, stay a while, go and come again.</summary>
    private sealed class Crowd(ConcurrencyCap cap, int seed, bool givesUp)
    {
        private const int Loops = 6;
        private const int UsersPerLoop = 8;
        private const int RoundsPerUser = 400;

        private readonly ConcurrencyLimit _limit = new();
        private readonly int[] _outcomes = new int[4];
        private int _inside;
        private int _mostInside;
        private int _mostWaiting;
        private int _usersLeft = Loops * UsersPerLoop;
        private Exception? _failure;

        public void Run()
        {
            var threads = new Thread[Loops];
            for (int i = 0; i < Loops; i++)
            {
                int ordinal = i;
                threads[i] = new Thread(() => RunLoop(ordinal));
                threads[i].Start();
            }

            foreach (Thread thread in threads) thread.Join();
            if (_failure is not null) throw new InvalidOperationException($"{_usersLeft} users were left.", _failure);
            Assert.InRange(_mostInside, 1, cap.Max);
            Assert.InRange(_mostWaiting, 0, cap.Queue);
            Assert.Equal((0, 0, 0), (_limit.InUse, _limit.Waiting, _inside));
            Assert.Equal(Loops * UsersPerLoop * RoundsPerUser, _outcomes.Sum());
            Assert.True(_outcomes[(int)SlotOutcome.Entered] >= RoundsPerUser, "Next to nobody came in.");
            if (!givesUp) Assert.Equal(0, _outcomes[(int)SlotOutcome.TimedOut] + _outcomes[(int)SlotOutcome.Aborted]);
            if (cap.Queue >= Loops * UsersPerLoop) Assert.Equal(0, _outcomes[(int)SlotOutcome.QueueFull]);
            if (givesUp && cap.Queue > 0) Assert.NotEqual(0, _outcomes[(int)SlotOutcome.Aborted]);
        }

        private void RunLoop(int ordinal)
        {
            using var loop = new LoopHarness(ordinal);
            var random = new Random((seed * 100) + ordinal);
            try
            {
                for (int i = 0; i < UsersPerLoop; i++) UseAsync(loop, random, new SlotWait()).Forget();
                long begun = Environment.TickCount64;
                while (Volatile.Read(ref _usersLeft) > 0 && Volatile.Read(ref _failure) is null)
                {
                    if (givesUp) loop.Advance(TimeSpan.FromMilliseconds(random.Next(3)));
                    else loop.Run();
                    loop.ThrowUnhandled();
                    Thread.Yield();
                    if (Environment.TickCount64 - begun > 60_000) throw new TimeoutException("Somebody waits for ever.");
                }

                // What is on its way to this loop still arrives.
                loop.Run();
                loop.ThrowUnhandled();
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, exception, null);
            }
        }

        private async LoopTask UseAsync(LoopHarness loop, Random random, SlotWait wait)
        {
            for (int round = 0; round < RoundsPerUser; round++)
            {
                LoopTask<SlotOutcome> task = _limit.EnterAsync(cap, wait, loop);
                Raise(ref _mostWaiting, _limit.Waiting);
                if (givesUp && random.Next(4) == 0) GiveUpAsync(loop, random.Next(3), wait).Forget();
                SlotOutcome outcome = await task;
                Interlocked.Increment(ref _outcomes[(int)outcome]);
                if (outcome != SlotOutcome.Entered)
                {
                    await loop.YieldAsync();
                    continue;
                }

                Raise(ref _mostInside, Interlocked.Increment(ref _inside));
                for (int stay = random.Next(4); stay > 0; stay--) await loop.YieldAsync();
                Interlocked.Decrement(ref _inside);
                _limit.Leave();
                if (random.Next(3) == 0) await loop.YieldAsync();
            }

            Interlocked.Decrement(ref _usersLeft);
        }

        private static async LoopTask GiveUpAsync(LoopHarness loop, int turns, SlotWait wait)
        {
            while (turns-- > 0) await loop.YieldAsync();
            wait.Abort(); // perhaps of a later wait: as good
        }

        private static void Raise(ref int most, int seen)
        {
            int known = Volatile.Read(ref most);
            while (seen > known)
            {
                int found = Interlocked.CompareExchange(ref most, seen, known);
                if (found == known) return;
                known = found;
            }
        }
    }
}

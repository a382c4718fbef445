using EdgeProxy.Gateway.Overload;

namespace EdgeProxy.Tests.Gateway.Overload;

public sealed class AdaptiveCapTests
{
    private const long Millisecond = 1_000_000;

    private readonly AdaptiveCap _cap = new();
    private long _now = 1_000_000_000;

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(200)]
    public void A_backend_that_is_asked_for_more_than_it_can_do_is_kept_busy_and_hardly_waited_for(int workers)
    {
        // Before that it had time to spare, and its answers took what they take.
        Run(workers, demand: Math.Max(1, workers / 3), intervals: 50);
        Run(workers, demand: 100 * workers, intervals: 200);
        Assert.InRange(_cap.Cap, workers, (int)(2.2 * workers) + 4);
    }

    [Fact]
    public void A_backend_that_becomes_slower_is_asked_for_less_and_for_more_when_it_is_well_again()
    {
        Run(workers: 100, demand: 1000, intervals: 200);
        int before = _cap.Cap;
        Run(workers: 20, demand: 1000, intervals: 100);
        Assert.InRange(_cap.Cap, 20, before / 2);
        Run(workers: 100, demand: 1000, intervals: 330); // not within the second after a minute, when it has half as much for what is least to be found
        Assert.InRange(_cap.Cap, 100, 2 * before);
    }

    [Fact]
    public void Without_demand_the_cap_does_not_grow()
    {
        Run(workers: 1000, demand: AdaptiveCap.First / 3, intervals: 100);
        Assert.Equal(AdaptiveCap.First, _cap.Cap);
    }

    [Fact]
    public void A_backend_that_is_slow_for_good_is_taken_as_it_is_after_two_minutes()
    {
        Run(workers: 50, demand: 1000, intervals: 100);
        Run(workers: 50, demand: 1000, intervals: 1300, each: 40 * Millisecond);
        Assert.InRange(_cap.Cap, 50, 130);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    public void A_backend_that_is_at_its_limit_for_long_is_not_asked_for_ever_more(int workers)
    {
        Run(workers, demand: 100 * workers, intervals: 18_000);
        Assert.InRange(_cap.Cap, workers / 2, (int)(2.2 * workers) + 4);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(100)]
    public void A_backend_that_is_never_busy_is_not_held_back_because_its_requests_differ(int answers)
    {
        // Times spread as widely as their mean: the least mean of ten of them in a minute is a third of it.
        var random = new Random(1);
        int least = int.MaxValue;
        for (int i = 0; i < 3000; i++)
        {
            _now += 101 * Millisecond;
            for (int j = 0; j < answers; j++) _cap.Observe((long)(-Math.Log(1 - random.NextDouble()) * 10 * Millisecond), Math.Min(100, _cap.Cap), _now);
            if (i > 500) least = Math.Min(least, _cap.Cap);
        }

        Assert.InRange(least, 100, 10_000);
    }

    [Fact]
    public void A_backend_that_answers_twice_a_second_is_judged_as_well()
    {
        int most = 0;
        for (int i = 0; i < 600; i++)
        {
            _now += 500 * Millisecond;
            _cap.Observe(30_000 * Millisecond, _cap.Cap, _now);
            most = Math.Max(most, _cap.Cap);
        }

        Assert.InRange(most, AdaptiveCap.First + 5, 10_000);
    }

    [Fact]
    public void Few_answers_in_an_interval_are_no_reason_for_anything()
    {
        for (int i = 0; i < 9; i++)
        {
            _now += 100 * Millisecond;
            _cap.Observe(1000 * Millisecond, 20, _now);
        }

        Assert.Equal(AdaptiveCap.First, _cap.Cap);
    }

    [Fact]
    public void Any_number_of_threads_may_observe()
    {
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 20_000; i++) _cap.Observe(Millisecond, _cap.Cap, Interlocked.Add(ref _now, 10_000));
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.InRange(_cap.Cap, AdaptiveCap.First, 10_000);
    }

    // A backend that serves so many at once, each for a while; what is beyond them waits there, as far as the cap lets it in.
    private void Run(int workers, int demand, int intervals, long each = 10 * Millisecond)
    {
        for (int i = 0; i < intervals; i++)
        {
            int inside = Math.Min(demand, _cap.Cap);
            long took = (long)(each * Math.Max(1.0, inside / (double)workers));
            _now += 101 * Millisecond;
            for (int j = 0; j < 20; j++) _cap.Observe(took, inside, _now);
        }
    }
}

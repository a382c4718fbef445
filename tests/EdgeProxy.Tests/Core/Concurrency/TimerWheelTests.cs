using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Tests.Core.Concurrency;

public sealed class TimerWheelTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void Fires_after_the_deadline_and_at_most_one_tick_late()
    {
        var wheel = new TimerWheel(0);
        var timer = new Recorder();
        wheel.Set(timer, 10 * Ms);
        wheel.Advance((10 * Ms) - 1);
        Assert.Empty(timer.Fired);
        wheel.Advance((10 * Ms) + TimerWheel.TickNanoseconds);
        Assert.Single(timer.Fired);
    }

    [Fact]
    public void A_deadline_moved_later_fires_once_at_the_later_time()
    {
        var wheel = new TimerWheel(0);
        var timer = new Recorder();
        wheel.Set(timer, 10 * Ms);
        wheel.Set(timer, 100 * Ms);
        wheel.Advance(50 * Ms);
        Assert.Empty(timer.Fired);
        wheel.Advance(110 * Ms);
        Assert.Single(timer.Fired);
    }

    [Fact]
    public void A_deadline_moved_earlier_fires_at_the_earlier_time()
    {
        var wheel = new TimerWheel(0);
        var timer = new Recorder();
        wheel.Set(timer, 100 * Ms);
        wheel.Set(timer, 10 * Ms);
        wheel.Advance(20 * Ms);
        Assert.Single(timer.Fired);
    }

    [Fact]
    public void A_cleared_timer_does_not_fire()
    {
        var wheel = new TimerWheel(0);
        var timer = new Recorder();
        wheel.Set(timer, 10 * Ms);
        wheel.Clear(timer);
        wheel.Advance(1000 * Ms);
        Assert.Empty(timer.Fired);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void A_detached_timer_is_gone_at_once()
    {
        var wheel = new TimerWheel(0);
        var timer = new Recorder();
        wheel.Set(timer, 10 * Ms);
        wheel.Detach(timer);
        Assert.Equal(0, wheel.Count);
        wheel.Advance(1000 * Ms);
        Assert.Empty(timer.Fired);
    }

    [Fact]
    public void A_deadline_further_than_a_turn_of_the_wheel_is_met()
    {
        var wheel = new TimerWheel(0);
        var timer = new Recorder();
        wheel.Set(timer, 75_000 * Ms);
        for (long now = 0; now < 74_999 * Ms; now += 13 * Ms) wheel.Advance(now);
        Assert.Empty(timer.Fired);
        wheel.Advance(75_010 * Ms);
        Assert.Single(timer.Fired);
    }

    [Fact]
    public void A_long_stall_loses_no_timer()
    {
        var wheel = new TimerWheel(0);
        var timers = new Recorder[100];
        for (int i = 0; i < timers.Length; i++)
        {
            timers[i] = new Recorder();
            wheel.Set(timers[i], (i + 1) * 997 * Ms);
        }

        wheel.Advance(1_000_000 * Ms);
        Assert.All(timers, timer => Assert.Single(timer.Fired));
    }

    [Fact]
    public void A_timer_may_set_itself_again_while_it_fires()
    {
        var wheel = new TimerWheel(0);
        var timer = new Recorder();
        timer.OnFire = now =>
        {
            if (timer.Fired.Count < 3) wheel.Set(timer, now + (10 * Ms));
        };
        wheel.Set(timer, 10 * Ms);
        for (long now = 0; now < 100 * Ms; now += Ms) wheel.Advance(now);
        Assert.Equal(3, timer.Fired.Count);
    }

    [Fact]
    public void The_poll_is_told_how_long_it_may_sleep()
    {
        var wheel = new TimerWheel(0);
        Assert.Equal(long.MaxValue, wheel.UntilNext(0));
        wheel.Set(new Recorder(), 10 * Ms);
        Assert.InRange(wheel.UntilNext(0), 10 * Ms, (10 * Ms) + TimerWheel.TickNanoseconds);
        Assert.InRange(wheel.UntilNext(8 * Ms), 2 * Ms, (2 * Ms) + TimerWheel.TickNanoseconds);
    }

    [Fact]
    public void Agrees_with_a_sorted_list_over_random_moves()
    {
        var random = new Random(7);
        var wheel = new TimerWheel(0);
        var timers = new Recorder[50];
        var due = new long[50];
        for (int i = 0; i < 50; i++)
        {
            timers[i] = new Recorder();
            due[i] = long.MaxValue;
        }

        long now = 0;
        for (int step = 0; step < 20_000; step++)
        {
            int i = random.Next(50);
            due[i] = random.Next(4) == 0 ? long.MaxValue : now + (random.NextInt64(1, 40_000) * Ms);
            wheel.Set(timers[i], due[i]);
            now += random.NextInt64(0, 300) * Ms;
            int[] before = [.. timers.Select(timer => timer.Fired.Count)];
            wheel.Advance(now);
            for (int k = 0; k < 50; k++)
            {
                bool fired = timers[k].Fired.Count > before[k];
                if (fired) Assert.True(due[k] <= now, "fired early");
                else Assert.True(due[k] > now - TimerWheel.TickNanoseconds, "fired late");
                if (fired) due[k] = long.MaxValue;
            }
        }
    }

    private sealed class Recorder : LoopTimer
    {
        public List<long> Fired { get; } = [];

        public Action<long>? OnFire { get; set; }

        protected override void OnDeadline(long now)
        {
            Fired.Add(now);
            OnFire?.Invoke(now);
        }
    }
}

using EdgeProxy.Gateway.Overload;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Overload;

public sealed class LoadShedderTests
{
    private const long Millisecond = 1_000_000;

    private static readonly OverloadOptions s_options = new(8 * Millisecond, 100 * Millisecond);

    private readonly FakeLoad _load = new();
    private readonly LoadShedder _shedder;

    public LoadShedderTests() => _shedder = new LoadShedder(_load);

    [Fact]
    public void A_loop_that_sleeps_between_turns_sheds_nothing_however_long_one_turn_is()
    {
        for (int i = 0; i < 200; i++) Assert.Equal(0, Turn(requests: 1, sleep: 2 * Millisecond));
        Assert.Equal(0, Turn(requests: 300));
    }

    [Fact]
    public void A_loop_that_never_sleeps_sheds_what_may_have_waited_for_longer_than_the_delay()
    {
        Saturate();
        Assert.True(_shedder.IsSaturated);

        // The turn before took one millisecond; seven are left, and the one that begins at their end.
        Assert.Equal(12, Turn(requests: 20));
        Assert.Equal(0, Turn(requests: 2)); // a quarter is left to a turn behind a long one
    }

    [Fact]
    public void A_quarter_of_the_delay_is_left_to_every_turn()
    {
        Saturate();
        Turn(requests: 8);
        Assert.Equal(17, Turn(requests: 20));
    }

    [Fact]
    public void No_request_that_is_served_waits_longer_than_two_turns_of_the_delay()
    {
        Saturate();
        for (int i = 0; i < 100; i++)
        {
            long began = _load.Now;
            Turn(requests: 50);
            Turn(requests: 50);
            Assert.InRange(_load.Clock - began, 0, 2 * (s_options.DelayNanoseconds + Millisecond));
        }
    }

    [Fact]
    public void A_saturated_loop_sheds_on_although_what_it_sheds_keeps_its_turns_short()
    {
        Saturate();
        for (int i = 0; i < 300; i++) Assert.NotEqual(0, Turn(requests: 20));
    }

    [Fact]
    public void Ends_shedding_when_the_loop_has_time_to_sleep_again()
    {
        Saturate();
        for (int i = 0; i < 150; i++) Turn(requests: 1, sleep: Millisecond);
        Assert.False(_shedder.IsSaturated);
        Assert.Equal(0, Turn(requests: 20));
    }

    [Fact]
    public void A_pause_in_less_than_a_tenth_of_the_turns_is_no_time_to_spare()
    {
        for (int i = 0; i < 400; i++) Turn(requests: 1, sleep: i % 20 == 0 ? Millisecond : 0);
        Assert.True(_shedder.IsSaturated);
        for (int i = 0; i < 400; i++) Turn(requests: 1, sleep: i % 5 == 0 ? Millisecond : 0);
        Assert.False(_shedder.IsSaturated);
    }

    [Fact]
    public void What_the_loop_does_in_the_kernel_between_turns_counts_as_waiting()
    {
        for (int i = 0; i < 200; i++) Turn(requests: 1, sleep: 0, kernel: 3 * Millisecond);
        Assert.Equal(15, Turn(requests: 20, sleep: 0, kernel: 3 * Millisecond));
    }

    [Fact]
    public void A_long_silence_ends_all_saturation()
    {
        Saturate();
        _load.Clock += 60_000 * Millisecond; // one sleep, and few turns
        Assert.Equal(0, Turn(requests: 20));
    }

    [Fact]
    public void Sheds_nothing_where_the_system_does_not_tell_of_sleeps()
    {
        _load.IsBlind = true;
        Saturate();
        Assert.Equal(0, Turn(requests: 100));
    }

    private void Saturate()
    {
        for (int i = 0; i < 250; i++) Turn(requests: 1);
    }

    // The requests of a turn come one after the other and take a millisecond each; what is shed costs nothing. How many were shed.
    private int Turn(int requests, long sleep = 0, long kernel = 0)
    {
        _load.BeginTurn();
        int shed = 0;
        for (int i = 0; i < requests; i++)
        {
            if (_shedder.MustShed(s_options)) shed++;
            else _load.Clock += Millisecond;
        }

        _load.Clock += sleep + kernel;
        if (sleep > 0) _load.Slept++;
        return shed;
    }
}

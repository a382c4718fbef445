using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class TokenWordTests
{
    private const long Second = 1_000_000_000;

    private long _word;

    [Fact]
    public void Gives_its_burst_and_then_its_rate()
    {
        Rate rate = Rate.InSixteenths(2, 3);
        Assert.Equal(3, TakeAll(rate, Second));
        Assert.Equal(0, TakeAll(rate, Second + (Second / 2) - 1));
        Assert.Equal(1, TakeAll(rate, Second + (Second / 2)));
    }

    [Fact]
    public void Keeps_what_was_taken_when_the_figures_change()
    {
        Assert.Equal(3, TakeAll(Rate.InSixteenths(1, 3), Second));
        Assert.Equal(0, TakeAll(Rate.InSixteenths(5000, 1), Second));
        Assert.Equal(3, TakeAll(Rate.InSixteenths(1, 3), Second * 10));
    }

    [Fact]
    public void Is_not_held_up_by_a_rate_that_no_longer_holds()
    {
        Assert.Equal(2, TakeAll(Rate.InSixteenths(1.0 / 86_400, 2), Second));
        Rate rate = Rate.InSixteenths(10, 5);
        Assert.Equal(0, TakeAll(rate, Second));
        Assert.Equal(1, TakeAll(rate, Second + (Second / 10)));
        Assert.Equal(5, TakeAll(rate, Second * 10));
    }

    [Fact]
    public void Gives_nothing_without_a_rate_and_recovers_from_it()
    {
        Assert.Equal(0, TakeAll(Rate.InSixteenths(0, 0), Second));
        Assert.Equal(4, TakeAll(Rate.InSixteenths(1, 4), Second));
    }

    [Fact]
    public void Takes_back_what_nobody_used()
    {
        Rate rate = Rate.InSixteenths(1, 1);
        Assert.True(TokenWord.TryTake(ref _word, rate, Second, out TakenToken taken));
        TokenWord.GiveBack(ref _word, default);
        Assert.False(TokenWord.TryTake(ref _word, rate, Second, out _));
        TokenWord.GiveBack(ref _word, taken);
        Assert.True(TokenWord.TryTake(ref _word, rate, Second, out _));
    }

    private int TakeAll(in Rate rate, long now)
    {
        int taken = 0;
        while (taken < 100_000 && TokenWord.TryTake(ref _word, rate, now, out _)) taken++;
        return taken;
    }
}

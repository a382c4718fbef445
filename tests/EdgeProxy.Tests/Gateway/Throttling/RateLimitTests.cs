using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Tests.Gateway.Throttling;

public sealed class RateLimitTests
{
    private RateLimit? _known;

    [Fact]
    public void Keeps_the_bucket_for_as_long_as_the_figures_stay()
    {
        RateLimit limit = Follow(1);
        Assert.Same(limit, Follow(1));
        Assert.NotSame(limit, Follow(2));
        Assert.Null(RateLimit.Follow(ref _known, null));
    }

    [Fact]
    public void Figures_that_come_again_find_the_bucket_as_they_left_it()
    {
        RateLimit serving = Follow(1);
        Assert.True(serving.TryTake(1_000_000_000, out _));
        Follow(2); // of configurations that were refused
        Follow(3);
        Follow(2);
        Assert.Same(serving, Follow(1));
        Assert.False(Follow(1).TryTake(1_000_000_000, out _));
    }

    [Fact]
    public void Remembers_some_figures_and_not_all_there_ever_were()
    {
        RateLimit first = Follow(1);
        for (int rate = 2; rate < 9; rate++) Follow(rate);
        Assert.Same(first, Follow(1));
        for (int rate = 100; rate < 200; rate++) Follow(rate);
        Assert.NotSame(first, Follow(1));
    }

    private RateLimit Follow(int perSecond) => RateLimit.Follow(ref _known, new Rate(perSecond, 1))!;
}

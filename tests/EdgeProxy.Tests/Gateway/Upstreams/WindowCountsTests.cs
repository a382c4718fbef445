using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class WindowCountsTests
{
    private const long Second = 1_000_000_000;

    private readonly WindowCounts _counts = new();

    [Fact]
    public void Counts_what_happened_and_what_of_it_matters()
    {
        _counts.Add(5 * Second, matters: false);
        _counts.Add(5 * Second, matters: true);
        _counts.AddMattering(6 * Second);
        Assert.Equal((2, 2), _counts.Sum(7 * Second));
    }

    [Fact]
    public void Forgets_what_is_ten_seconds_old()
    {
        _counts.Add(0, matters: true);
        _counts.Add((3 * Second) + 1, matters: false);
        Assert.Equal((2, 1), _counts.Sum((10 * Second) - 1));
        Assert.Equal((1, 0), _counts.Sum(10 * Second));
        Assert.Equal((0, 0), _counts.Sum(13 * Second));
    }

    [Fact]
    public void Starts_a_second_again_in_the_word_of_one_long_past()
    {
        for (int i = 0; i < 5; i++) _counts.Add(Second, matters: true);
        _counts.Add(17 * Second, matters: false); // the same word
        Assert.Equal((1, 0), _counts.Sum(17 * Second));
        _counts.Add(Second * 65_000, matters: true);
        Assert.Equal((1, 1), _counts.Sum(Second * 65_000));
    }

    [Fact]
    public void Takes_back_no_more_than_there_is()
    {
        _counts.TakeBackMattering(Second);
        Assert.Equal((0, 0), _counts.Sum(Second));
        _counts.AddMattering(Second);
        _counts.TakeBackMattering(Second);
        Assert.Equal((0, 0), _counts.Sum(Second));
    }

    [Fact]
    public void Can_be_cleared()
    {
        _counts.Add(Second, matters: true);
        _counts.Clear();
        Assert.Equal((0, 0), _counts.Sum(Second));
    }

    [Fact]
    public async Task Loses_nothing_that_several_threads_count()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++) _counts.Add((i % 3) * Second, matters: thread == 0);
        })));
        Assert.Equal((80_000, 20_000), _counts.Sum(3 * Second));
    }
}

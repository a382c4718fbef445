using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class CircuitLifeTests
{
    [Fact]
    public void Every_move_is_as_drawn()
    {
        string table = string.Join('\n', Enum.GetValues<CircuitState>().SkipLast(1).Select(static state =>
            $"{state}: " + string.Join(", ", Enum.GetValues<CircuitEvent>().Select(happened => $"{happened} {CircuitLife.Next(state, happened)}"))));
        Assert.Equal(
            """
            Closed: TooManyFailures Open, TimeOver Illegal, ProbeFailed Closed, AllProbesSucceeded Closed
            Open: TooManyFailures Open, TimeOver HalfOpen, ProbeFailed Open, AllProbesSucceeded Open
            HalfOpen: TooManyFailures HalfOpen, TimeOver HalfOpen, ProbeFailed Open, AllProbesSucceeded Closed
            """.ReplaceLineEndings("\n"),
            table);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(4, 40)]
    [InlineData(5, 60)]
    [InlineData(1000, 60)]
    public void Stays_open_twice_as_long_each_time(int times, long expected) =>
        Assert.Equal(expected, CircuitLife.OpenTime(new CircuitPlan { OpenTime = 5, MostOpenTime = 60 }, times));
}

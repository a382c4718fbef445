using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class EjectionTimeTests
{
    private static readonly EjectionPlan Plan = new() { Time = 30, MostTime = 100 };

    [Theory]
    [InlineData(0, 0, 1, 30)]
    [InlineData(1, 0, 2, 60)]
    [InlineData(2, 29, 3, 90)]
    [InlineData(3, 0, 4, 100)]
    [InlineData(50, 0, 51, 100)]
    [InlineData(3, 30, 3, 90)]
    [InlineData(3, 89, 2, 60)]
    [InlineData(3, 1_000_000, 1, 30)]
    public void Grows_each_time_and_shrinks_while_all_is_well(int times, long sinceBack, int expectedTimes, long expected) =>
        Assert.Equal((expectedTimes, expected), EjectionTime.Next(Plan, times, sinceBack));

    [Theory]
    [InlineData(1, 50, 0)]
    [InlineData(2, 50, 1)]
    [InlineData(3, 50, 1)]
    [InlineData(4, 50, 2)]
    [InlineData(4, 10, 1)]
    [InlineData(4, 100, 3)]
    [InlineData(4, 0, 0)]
    public void One_of_several_may_be_left_out_and_the_last_one_never(int targets, double percent, int most) =>
        Assert.Equal(most, new EjectionPlan { MostPercent = percent }.MostOf(targets));
}

using EdgeProxy.Load.Compare;

namespace EdgeProxy.Tests.Load.Compare;

public sealed class StatisticsTests
{
    [Fact]
    public void The_median_is_the_middle_or_between_the_two_in_the_middle()
    {
        Assert.Equal(3, Statistics.Median([9, 1, 3]));
        Assert.Equal(2.5, Statistics.Median([9, 1, 3, 2]));
        Assert.True(double.IsNaN(Statistics.Median([])));
    }

    [Fact]
    public void Ratios_pair_values_of_the_same_round_and_leave_out_what_is_no_number()
    {
        Assert.Equal([0.5, 2], Statistics.PairedRatios([1, 4, 7], [2, 2, 0]));
    }
}

using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class RetryBudgetTests
{
    private const long Second = 1_000_000_000;

    private readonly RetryBudget _budget = new();

    [Fact]
    public void Allows_a_share_of_the_requests_of_ten_seconds()
    {
        var plan = new RetryPlan { BudgetPercent = 20, BudgetPerSecond = 0 };
        for (int i = 0; i < 100; i++) _budget.CountRequest(Second);
        Assert.Equal(20, Taken(plan, 2 * Second, tries: 50));
        Assert.Equal(0, Taken(plan, 9 * Second, tries: 50));
        Assert.Equal(0, Taken(plan, 20 * Second, tries: 50)); // no requests, no further attempts
    }

    [Fact]
    public void Allows_a_few_where_there_are_hardly_any_requests()
    {
        var plan = new RetryPlan { BudgetPercent = 0, BudgetPerSecond = 2 };
        Assert.Equal(20, Taken(plan, Second, tries: 50));
        Assert.Equal(20, Taken(plan, 11 * Second, tries: 50));
    }

    [Fact]
    public void Of_nothing_allows_nothing() => Assert.Equal(0, Taken(new RetryPlan { BudgetPercent = 0, BudgetPerSecond = 0 }, Second, tries: 5));

    [Fact]
    public async Task Never_allows_more_however_many_loops_ask()
    {
        var plan = new RetryPlan { BudgetPercent = 10, BudgetPerSecond = 1 };
        for (int i = 0; i < 1000; i++) _budget.CountRequest(Second);
        int[] taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Taken(plan, Second, tries: 5000))));
        Assert.InRange(taken.Sum(), 1, 110); // a race may cost one, never give one
        Assert.Equal(110 - taken.Sum(), Taken(plan, Second, tries: 5000));
    }

    private int Taken(RetryPlan plan, long now, int tries) => Enumerable.Range(0, tries).Count(_ => _budget.TryTake(plan, now));
}

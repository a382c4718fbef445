using EdgeProxy.Load.Runs;

namespace EdgeProxy.Tests.Load.Runs;

public sealed class LoadPlanTests
{
    [Fact]
    public void The_parts_of_a_plan_add_up_to_it()
    {
        LoadPlan plan = new() { Address = [], Request = [], Connections = 10, Requests = 101, Rate = 300, Threads = 3 };
        LoadPlan[] parts = [plan.PartOf(0), plan.PartOf(1), plan.PartOf(2)];

        Assert.Equal(10, parts.Sum(part => part.Connections));
        Assert.Equal(101, parts.Sum(part => part.Requests));
        Assert.Equal(300, parts.Sum(part => part.Rate), 6);
        Assert.All(parts, part => Assert.Equal(1, part.Threads));
    }

    [Fact]
    public void A_plan_without_a_count_has_parts_without_a_count()
    {
        LoadPlan plan = new() { Address = [], Request = [], Threads = 2 };

        Assert.Equal(long.MaxValue, plan.PartOf(1).Requests);
    }
}

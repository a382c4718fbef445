using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class CompileUsagePlansTests
{
    private readonly ProblemList _problems = new();

    [Theory]
    [InlineData("DAY", 0, QuotaPeriod.Day)]
    [InlineData("WEEK", 6, QuotaPeriod.Week)]
    [InlineData("MONTH", 27, QuotaPeriod.Month)]
    public void Takes_a_quota_as_it_is_written(string period, int offset, QuotaPeriod expected)
    {
        Quota quota = Run(new UsagePlanDefinition { Id = "p", QuotaLimit = 100, QuotaPeriod = period, QuotaOffset = offset }).FindOrNull("p")!.Quota!;
        Assert.Equal((100, expected, offset), (quota.Limit, quota.Period, quota.Offset));
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData(100L, null, 0, ProblemCode.Missing)]
    [InlineData(null, "DAY", 0, ProblemCode.Missing)]
    [InlineData(100L, "DAY", 1, ProblemCode.OutOfRange)]
    [InlineData(100L, "WEEK", 7, ProblemCode.OutOfRange)]
    [InlineData(100L, "MONTH", 28, ProblemCode.OutOfRange)]
    [InlineData(100L, "MONTH", -1, ProblemCode.OutOfRange)]
    public void Refuses_half_a_quota_and_offsets_beyond_the_period(long? limit, string? period, int offset, ProblemCode code)
    {
        Run(new UsagePlanDefinition { Id = "p", QuotaLimit = limit, QuotaPeriod = period, QuotaOffset = offset });
        Assert.Equal((code, ProblemSeverity.Error), (Assert.Single(_problems).Code, _problems[0].Severity));
    }

    [Fact]
    public void Refuses_a_plan_or_a_stage_of_it_that_comes_twice()
    {
        var stage = new UsagePlanStageDefinition("api", "prod", [], null);
        Run(new UsagePlanDefinition { Id = "p", Stages = [stage, stage with { ApiId = "API" }] }, new UsagePlanDefinition { Id = "p" });
        Assert.Equal([ProblemCode.NotAllowed, ProblemCode.NotAllowed], _problems.Select(problem => problem.Code));
    }

    private UsagePlanSet Run(params UsagePlanDefinition[] plans) => CompileUsagePlans.Run(plans, new UsageLedger(), _problems);
}

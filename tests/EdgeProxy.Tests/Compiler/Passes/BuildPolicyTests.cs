using EdgeProxy.Compiler.Passes;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using Balance = EdgeProxy.Gateway.Snapshots.TargetBalance;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class BuildPolicyTests
{
    private static readonly UpstreamPolicy Node = new()
    {
        Balance = Balance.LeastLoaded,
        PanicPercent = 10,
        Retries = new RetryPlan { Attempts = 4, AttemptsAlone = 1, TryTimeout = 7, BudgetPercent = 30 },
        Ejection = new EjectionPlan { ConsecutiveFailures = 9, Time = 11 },
        Circuit = new CircuitPlan { FailurePercent = 70 },
        Health = new HealthCheckPlan { Interval = 13, Unhealthy = 8 },
        Cap = new ConcurrencyCap(5, 6, 7),
    };

    [Fact]
    public void Says_nothing_when_the_document_does_not() => Assert.Null(BuildPolicy.AdjustmentOrNull(new UpstreamDefinition { Targets = [] }));

    [Fact]
    public void What_the_document_says_stands_in_place_of_the_nodes_and_the_rest_stays()
    {
        UpstreamPolicy policy = BuildPolicy.AdjustmentOrNull(new UpstreamDefinition
        {
            Balance = Definitions.TargetBalance.Weighted,
            FailureStatuses = ["500-599"],
            Retries = new RetryDefinition { Attempts = 3, On = ["connect", "503"], BackoffInMillis = 2 },
            Ejection = new EjectionDefinition { TimeInMillis = 5 },
            Circuit = new CircuitDefinition { Probes = 2 },
            Health = new HealthCheckDefinition { Path = "/up", TimeoutInMillis = 20, Statuses = ["204"] },
        })!(Node);
        Assert.Equal(
            Node with
            {
                Balance = Balance.Weighted,
                Failures = new StatusSet([.. Enumerable.Range(500, 100)]),
                Retries = Node.Retries with { Attempts = 3, AttemptsAlone = 3, Causes = RetryCauses.Connect, Statuses = new StatusSet(503), Backoff = 2_000_000 },
                Ejection = Node.Ejection with { Time = 5_000_000 },
                Circuit = Node.Circuit with { Probes = 2 },
                Health = Node.Health with { Path = "/up", Timeout = 20_000_000, Statuses = new StatusSet(204) },
            },
            policy);
    }

    [Fact]
    public void A_document_may_lift_the_nodes_cap_and_set_its_own()
    {
        Assert.Equal(0, BuildPolicy.AdjustmentOrNull(new UpstreamDefinition { Concurrency = new UpstreamCapDefinition(0, 0, 1000) })!(Node).Cap.Max);
        Assert.Equal(new ConcurrencyCap(2, 3, 4_000_000), BuildPolicy.AdjustmentOrNull(new UpstreamDefinition { Concurrency = new UpstreamCapDefinition(2, 3, 4) })!(Node).Cap);
    }
}

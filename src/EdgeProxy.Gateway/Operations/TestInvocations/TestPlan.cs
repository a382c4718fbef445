using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations.TestInvocations;

/// <summary>One method, compiled aside for a test invocation: nothing serves it.</summary>
public sealed class TestPlan
{
    internal TestPlan(GatewaySnapshot snapshot, StagePlan stage)
    {
        Snapshot = snapshot;
        Stage = stage;
    }

    internal GatewaySnapshot Snapshot { get; }

    internal StagePlan Stage { get; }
}

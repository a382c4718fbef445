using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using TargetBalance = EdgeProxy.Gateway.Snapshots.TargetBalance;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Makes of what a document says of an upstream a change to the node's policy, which is known only when a stage is bound.</summary>
internal static class BuildPolicy
{
    public static Func<UpstreamPolicy, UpstreamPolicy>? AdjustmentOrNull(UpstreamDefinition upstream)
    {
        if (upstream.Balance is null) return null;
        return node => node with
        {
            Balance = upstream.Balance switch
            {
                Definitions.TargetBalance.Weighted => TargetBalance.Weighted,
                Definitions.TargetBalance.LeastLoaded => TargetBalance.LeastLoaded,
                _ => node.Balance,
            },
        };
    }
}

using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Settings;

/// <summary>Makes the part of <c>upstream.*</c> that is about targets.</summary>
internal static class UpstreamPolicyBuilder
{
    public static UpstreamPolicy Build(SettingValues values) => new()
    {
        Balance = values.Text("upstream.balance") == "least-loaded" ? TargetBalance.LeastLoaded : TargetBalance.Weighted,
    };
}

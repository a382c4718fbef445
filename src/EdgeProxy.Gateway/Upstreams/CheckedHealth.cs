using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What checks have found of a target so far.</summary>
/// <param name="IsDown">Whether it is taken for broken.</param>
/// <param name="Against">How many checks in a row have said otherwise.</param>
/// <remarks><code>
///   up --so many bad checks in a row--> down --so many good ones in a row--> up
/// </code></remarks>
internal readonly record struct CheckedHealth(bool IsDown, int Against)
{
    /// <summary>With one more check. Pure.</summary>
    public CheckedHealth After(bool isGood, HealthCheckPlan plan)
    {
        if (isGood != IsDown) return this with { Against = 0 };
        return Against + 1 >= (IsDown ? plan.Healthy : plan.Unhealthy) ? new CheckedHealth(!IsDown, 0) : this with { Against = Against + 1 };
    }
}

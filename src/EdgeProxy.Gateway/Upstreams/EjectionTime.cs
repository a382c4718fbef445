using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>How long a target is left out. Pure.</summary>
internal static class EjectionTime
{
    /// <summary>The next time it is left out: longer by the first time's length each time, and shorter again by one for each such length it was in order since.</summary>
    /// <param name="plan">The lengths.</param>
    /// <param name="times">How often it was left out before, as the last call said; 0 for never.</param>
    /// <param name="sinceBack">How long ago the last time ended, in nanoseconds.</param>
    public static (int Times, long Nanoseconds) Next(EjectionPlan plan, int times, long sinceBack)
    {
        long forgotten = plan.Time <= 0 ? times : sinceBack / plan.Time;
        int next = (int)Math.Max(0, times - forgotten) + 1;
        return (next, plan.Time > plan.MostTime / next ? plan.MostTime : plan.Time * next);
    }
}

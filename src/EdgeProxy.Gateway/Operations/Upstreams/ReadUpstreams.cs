using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Gateway.Operations.Upstreams;

/// <summary>Tells how the upstreams that have targets, or are held to account, stand at this moment.</summary>
public static class ReadUpstreams
{
    /// <summary>Reads them. Any thread.</summary>
    /// <param name="snapshots">What serves.</param>
    /// <param name="now">Monotonic nanoseconds, as loops count them.</param>
    public static IReadOnlyList<UpstreamReport> Run(SnapshotHolder snapshots, long now)
    {
        var reports = new List<UpstreamReport>();
        foreach (UpstreamGroup group in snapshots.Current.Upstreams) reports.Add(ReportOf(group, now));
        return reports;
    }

    private static UpstreamReport ReportOf(UpstreamGroup group, long now) => new()
    {
        Circuit = !group.Policy.Circuit.IsOn ? null : group.Live.Circuit.State switch { CircuitState.Closed => "closed", CircuitState.Open => "open", _ => "halfOpen" },
        Requests = group.Live.Circuit.Read(now).Requests,
        Failures = group.Live.Circuit.Read(now).Failures,
        Waiting = group.Live.Slots.Waiting,
        IsPanic = group.IsPanic,
        ApiId = group.Live.Series.Api,
        Stage = group.Live.Series.Stage,
        Name = group.Live.Name,
        Balance = group.Policy.Balance == TargetBalance.LeastLoaded ? "least-loaded" : "weighted",
        Targets = Array.ConvertAll(group.Targets, target => new TargetReport
        {
            Address = target.Live.Label,
            Weight = target.Weight,
            InFlight = target.Live.InFlight,
            Picks = target.Live.Picks,
            State = target.Live.IsDown ? "down" : target.Live.EjectedUntil == 0 ? "inOrder" : "ejected",
            EjectedFor = target.Live.EjectedFor,
            EjectedForSeconds = Math.Max(0, target.Live.EjectedUntil - now) / 1e9,
            ConsecutiveFailures = target.Live.ConsecutiveFailures,
        }),
    };
}

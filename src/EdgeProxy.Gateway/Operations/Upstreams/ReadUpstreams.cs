using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Gateway.Operations.Upstreams;

/// <summary>Tells how the upstreams that have targets, or are held to account, stand at this moment.</summary>
public static class ReadUpstreams
{
    /// <summary>Reads them. Any thread.</summary>
    /// <param name="snapshots">What serves.</param>
    public static IReadOnlyList<UpstreamReport> Run(SnapshotHolder snapshots)
    {
        var reports = new List<UpstreamReport>();
        foreach (UpstreamGroup group in snapshots.Current.Upstreams) reports.Add(ReportOf(group));
        return reports;
    }

    private static UpstreamReport ReportOf(UpstreamGroup group) => new()
    {
        ApiId = group.Live.Series.Api,
        Stage = group.Live.Series.Stage,
        Name = group.Live.Name,
        Balance = group.Policy.Balance == TargetBalance.LeastLoaded ? "least-loaded" : "weighted",
        Targets = Array.ConvertAll(group.Targets, static target => new TargetReport
        {
            Address = target.Live.Label,
            Weight = target.Weight,
            InFlight = target.Live.InFlight,
            Picks = target.Live.Picks,
        }),
    };
}

using EdgeProxy.Load.Measuring;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>Latency that a proxy adds to the backend's own, at a fixed rate of a third of nginx's capacity.</summary>
/// <remarks>One rate for all, or the fastest would be punished with the highest.</remarks>
internal sealed class LatencyRow(string name) : Row(name)
{
    private const string Target = "/bytes/1024";
    private static readonly double[] Percentiles = [50, 99];

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        IReadOnlyList<RunningServer> servers = bench.StartAll(path: Target);
        try
        {
            if (servers.Count == 0) return [];
            foreach (RunningServer server in servers) bench.WarmUp(server, Target);
            RunningServer reference = servers.FirstOrDefault(server => server.Contender.Name == Contender.NginxName) ?? servers[0];
            double rate = Math.Floor(bench.Measure(reference, Target).Rate / 3);
            Bench.Say($"  {Name}: {rate:0} requests a second");
            return Summarize(rate, Measure(bench, servers, rate));
        }
        finally
        {
            StopAll(servers);
        }
    }

    /// <summary>Per contender, per percentile: microseconds added in each round.</summary>
    private Dictionary<string, List<double>[]> Measure(Bench bench, IReadOnlyList<RunningServer> servers, double rate)
    {
        Dictionary<string, List<double>[]> added = servers.ToDictionary(server => server.Contender.Name, _ => new[] { new List<double>(), new List<double>() });
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            LoadResult direct = bench.Load(bench.BackendPort(), Target, plan => plan with { Rate = rate });
            foreach (RunningServer server in servers)
            {
                LoadResult through = bench.Load(server.Port, Target, plan => plan with { Rate = rate });
                for (int index = 0; index < Percentiles.Length; index++)
                {
                    double more = (through.Latency.Percentile(Percentiles[index]) - direct.Latency.Percentile(Percentiles[index])) / 1000.0;
                    added[server.Contender.Name][index].Add(more);
                }

                Bench.Say($"  {Name} round {round} {server.Contender.Name}: p50 {through.Latency.Percentile(50) / 1000.0:0.0} us (direct {direct.Latency.Percentile(50) / 1000.0:0.0}), p99 {through.Latency.Percentile(99) / 1000.0:0.0} us, failed {through.Errors.Total}");
            }
        }

        return added;
    }

    private static List<RowResult> Summarize(double rate, Dictionary<string, List<double>[]> added)
    {
        List<RowResult> results = [];
        for (int index = 0; index < Percentiles.Length; index++)
        {
            int percentile = index;
            double ratio = added.TryGetValue(Contender.EdgeProxyName, out List<double>[]? ours) && added.TryGetValue(Contender.NginxName, out List<double>[]? nginx)
                ? Statistics.Median(Statistics.PairedRatios(ours[percentile], nginx[percentile]))
                : double.NaN;
            bool judged = percentile == 0;
            results.Add(new RowResult
            {
                Figure = $"latency added at {rate:0} requests a second, p{Percentiles[percentile]:0}",
                Must = judged ? "below nginx" : "",
                Goal = judged ? "half of nginx" : "",
                Cells = added.ToDictionary(pair => pair.Key, pair => Text(Statistics.Median(pair.Value[percentile]), "0.0", " us")),
                Judged = double.IsNaN(ratio) ? "" : $"{Text(ratio)} of nginx",
                Verdict = judged ? new Threshold(0.9999, 0.5).Judge(ratio) : null,
            });
        }

        return results;
    }
}

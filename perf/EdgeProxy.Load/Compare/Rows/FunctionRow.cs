using System.Globalization;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>
/// Requests a second of a function of Node.js on all processors: called by EdgeProxy, which runs its processes, against the same function in plain HTTP servers behind nginx.
/// </summary>
internal sealed class FunctionRow(string name) : Row(name)
{
    private const string Target = "/function";
    private const string Node = "node";

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        if (!ForeignProgram.IsThere(Node))
        {
            bench.Note($"{Name} is left out: there is no {Node}");
            return [];
        }

        int processors = Environment.ProcessorCount;
        string script = Path.Combine(bench.Configurations, "lambda", "server.mjs");
        using ServerProcess plain = bench.StartBackend(Node, [script, processors.ToString(CultureInfo.InvariantCulture)], out int port);
        List<RunningServer> servers = [];
        try
        {
            foreach (Contender contender in bench.Contenders.Where(contender => contender.Name is Contender.EdgeProxyName or Contender.NginxName))
            {
                if (bench.StartOrNull(contender, setup => setup with { Workers = processors, Processors = null, Backend = port, Extra = "lambda" }, Target) is { } server) servers.Add(server);
            }

            return [Summarize(Measure(bench, servers))];
        }
        finally
        {
            StopAll(servers);
        }
    }

    private Dictionary<string, List<double>> Measure(Bench bench, List<RunningServer> servers)
    {
        Dictionary<string, List<double>> rates = servers.ToDictionary(server => server.Contender.Name, _ => new List<double>());
        foreach (RunningServer server in servers) _ = bench.Measure(server, Target, plan => plan with { Duration = (long)(bench.Settings.LearningSeconds / 2 * 1e9) }, pinned: false);
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            foreach (RunningServer server in servers)
            {
                Sample sample = bench.Measure(server, Target, pinned: false);
                rates[server.Contender.Name].Add(sample.Rate);
                Bench.Say($"  {Name} round {round} {server.Contender.Name}: {sample.Rate:0}/s, failed {sample.Failed}");
                if (sample.Failed > 0) bench.Note($"{Name}: {server.Contender.Name} failed {sample.Failed} requests");
            }
        }

        return rates;
    }

    private static RowResult Summarize(Dictionary<string, List<double>> rates)
    {
        double ratio = double.NaN;
        string spread = "";
        if (rates.TryGetValue(Contender.EdgeProxyName, out List<double>? ours) && rates.TryGetValue(Contender.NginxName, out List<double>? theirs))
        {
            IReadOnlyList<double> ratios = Statistics.PairedRatios(ours, theirs);
            ratio = Statistics.Median(ratios);
            if (ratios.Count > 0) spread = $" ({Text(ratios.Min())}-{Text(ratios.Max())})";
        }

        return new RowResult
        {
            Figure = "requests a second of a local Node.js function, beside Node's HTTP server behind nginx",
            Must = "at least 0.7 of nginx",
            Goal = "1",
            Cells = rates.ToDictionary(pair => pair.Key, pair => Text(Statistics.Median(pair.Value), "0", "/s")),
            Judged = double.IsNaN(ratio) ? "" : $"{Text(ratio)} of nginx{spread}",

            // A threshold is a most, so it is asked of the inverse.
            Verdict = new Threshold(1 / 0.7, 1).Judge(1 / ratio),
        };
    }
}

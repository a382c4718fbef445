namespace EdgeProxy.Load.Compare.Rows;

/// <summary>CPU time of the server per request under full load, beside nginx in the same round.</summary>
internal sealed class CpuRow(string name, string figure, string path, Threshold? threshold) : Row(name)
{
    private const long MostAsked = 10;

    /// <summary>One processor and one loop, or none bound and two loops.</summary>
    public bool Pinned { get; init; } = true;

    /// <summary>With an access log, where the contender can write one to a file itself.</summary>
    public bool Logged { get; init; }

    /// <summary>Whether the goal also asks to be below HAProxy.</summary>
    public bool AlsoBelowHaProxy { get; init; }

    /// <summary>The directory of what the row adds to the configurations; null for nothing.</summary>
    public string? Extra { get; init; }

    /// <summary>Whether answers come from caches: those that are caches take part, and the backend must hardly be asked.</summary>
    public bool IsCached { get; init; }

    /// <summary>Load by HTTP/2 or over TLS; null for the load tool's own HTTP/1.1.</summary>
    public ForeignLoad? Load { get; init; }

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        if (Load is not null && !ForeignProgram.IsThere(Load.Program))
        {
            bench.Note($"{Name} is left out: there is no {Load.Program}");
            return [];
        }

        IReadOnlyList<RunningServer> servers = [.. (IsCached ? bench.CacheContenders : Load is null ? bench.Contenders : bench.Http2AndTlsContenders)
            .Where(contender => !Logged || contender.Name != Contender.HaProxyName)
            .Select(contender => bench.StartOrNull(contender, Change, path))
            .OfType<RunningServer>()];
        try
        {
            return [Summarize(servers, Measure(bench, servers))];
        }
        finally
        {
            StopAll(servers);
        }

        ServerSetup Change(ServerSetup setup) => setup with
        {
            Workers = Pinned ? 1 : 2,
            Processors = Pinned ? Bench.ServerProcessors : null,
            Backend = bench.BackendPort(Pinned),
            Extra = Extra,
            MemoryDirectory = IsCached ? bench.NewMemoryDirectory() : "",
            AccessLog = Logged ? Path.Combine(setup.Directory, "access.log") : null,
            ClearHttp2 = Load is { IsTls: false },
            Tls = Load is { IsTls: true },
            Certificate = Load is { IsTls: true } ? bench.Certificate() : setup.Certificate,
        };
    }

    private Dictionary<string, List<Sample>> Measure(Bench bench, IReadOnlyList<RunningServer> servers)
    {
        Dictionary<string, List<Sample>> samples = servers.ToDictionary(server => server.Contender.Name, _ => new List<Sample>());
        foreach (RunningServer server in servers)
        {
            if (Load is null) bench.WarmUp(server, path, Pinned);
            else _ = bench.Measure(server, Load, Load.Seconds(bench.Settings.WarmUpSeconds));
        }

        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            foreach (RunningServer server in servers)
            {
                long asked = IsCached ? bench.BackendServed() : 0;
                Sample sample = Load is null
                    ? bench.Measure(server, path, pinned: Pinned)
                    : bench.Measure(server, Load, Load.Seconds(bench.Settings.Seconds));
                samples[server.Contender.Name].Add(sample);
                if (IsCached) asked = bench.BackendServed() - asked;
                if (IsCached && asked > MostAsked) bench.Note($"{Name}: {server.Contender.Name} asked the backend {asked} times in round {round}: its figure is not that of hits");
                Bench.Say($"  {Name} round {round} {server.Contender.Name}: {sample.CpuMicroseconds:0.00} us, {sample.Rate:0}/s, failed {sample.Failed}");
            }
        }

        return samples;
    }

    private RowResult Summarize(IReadOnlyList<RunningServer> servers, Dictionary<string, List<Sample>> samples)
    {
        double ratio = Ratio(samples, Contender.NginxName, out string spread);
        double beside = Ratio(samples, Contender.HaProxyName, out _);
        Verdict? verdict = threshold?.Judge(ratio);
        if (AlsoBelowHaProxy && verdict == Verdict.Goal && !(beside < 1)) verdict = Verdict.Must;
        return new RowResult
        {
            Figure = figure,
            Must = threshold is { } must ? $"at most {Limit(must.Must)} of nginx" : "",
            Goal = threshold is { } goal ? Limit(goal.Goal) + (AlsoBelowHaProxy ? ", below HAProxy" : "") : "",
            Cells = samples.ToDictionary(pair => pair.Key, pair => Text(Statistics.Median(pair.Value.Select(sample => sample.CpuMicroseconds)), unit: " us")),
            Judged = double.IsNaN(ratio) ? HaProxyBesideNginx(samples) : $"{Text(ratio)} of nginx ({spread}), {Text(beside)} of HAProxy",
            Verdict = verdict,
            Notes = [.. servers
                .Select(server => (server.Contender.Name, Failed: samples[server.Contender.Name].Sum(sample => sample.Failed)))
                .Where(pair => pair.Failed > 0)
                .Select(pair => $"{Name}: {pair.Name} failed {pair.Failed} requests")],
        };
    }

    private static string HaProxyBesideNginx(Dictionary<string, List<Sample>> samples)
    {
        if (!samples.TryGetValue(Contender.HaProxyName, out List<Sample>? haProxy) || !samples.TryGetValue(Contender.NginxName, out List<Sample>? nginx)) return "";
        IReadOnlyList<double> ratios = Statistics.PairedRatios(Cpu(haProxy), Cpu(nginx));
        return $"HAProxy {Text(Statistics.Median(ratios))} of nginx";
    }

    private static double Ratio(Dictionary<string, List<Sample>> samples, string reference, out string spread)
    {
        spread = "";
        if (!samples.TryGetValue(Contender.EdgeProxyName, out List<Sample>? ours) || !samples.TryGetValue(reference, out List<Sample>? theirs)) return double.NaN;
        IReadOnlyList<double> ratios = Statistics.PairedRatios(Cpu(ours), Cpu(theirs));
        if (ratios.Count == 0) return double.NaN;
        spread = $"{Text(ratios.Min())}-{Text(ratios.Max())}";
        return Statistics.Median(ratios);
    }

    private static double[] Cpu(List<Sample> samples) => [.. samples.Select(sample => sample.CpuMicroseconds)];
}

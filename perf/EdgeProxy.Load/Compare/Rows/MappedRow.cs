using EdgeProxy.Load.Runs;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>What validating a body and mapping it both ways adds to the CPU time of a proxied request, beside the same request as it is, in the same round and process.</summary>
internal sealed class MappedRow(string name) : Row(name)
{
    private const string Plain = "/plain";
    private const string Mapped = "/mapped";

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        using RunningServer? server = ours is null ? null : bench.StartOrNull(ours, setup => setup with { Extra = "mapped" });
        if (server is null) return [];

        byte[] body = File.ReadAllBytes(Path.Combine(bench.Configurations, "mapped", "order.json"));
        foreach (string path in (string[])[Plain, Mapped]) _ = Measure(path, bench.Settings.WarmUpSeconds);
        List<double> plain = [];
        List<double> mapped = [];
        long failed = 0;
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            // In turns first and second, so that a machine that grows slower or faster favours neither.
            Sample? first = round % 2 == 0 ? Measure(Mapped, bench.Settings.Seconds) : null;
            Sample asItIs = Measure(Plain, bench.Settings.Seconds);
            Sample changed = first ?? Measure(Mapped, bench.Settings.Seconds);
            plain.Add(asItIs.CpuMicroseconds);
            mapped.Add(changed.CpuMicroseconds);
            failed += asItIs.Failed + changed.Failed;
            Bench.Say($"  {Name} round {round}: plain {asItIs.CpuMicroseconds:0.00} us, mapped {changed.CpuMicroseconds:0.00} us, failed {asItIs.Failed + changed.Failed}");
        }

        IReadOnlyList<double> ratios = [.. Statistics.PairedRatios(mapped, plain).Select(ratio => ratio - 1)];
        double added = Statistics.Median(ratios);
        return
        [
            new RowResult
            {
                Figure = "CPU added by validation, request template and response template, 1 KB, one loop",
                Must = "at most 0.35 of the plain request",
                Goal = "0.2",
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = $"{Text(Statistics.Median(mapped), unit: " us")} ({Text(Statistics.Median(plain), unit: " us")} plain)" },
                Judged = $"{Text(added)} ({Text(ratios.Min())}-{Text(ratios.Max())})",
                Verdict = new Threshold(0.35, 0.20).Judge(added),
                Notes = failed > 0 ? [$"{Name}: {failed} requests failed"] : [],
            },
        ];

        Sample Measure(string path, double seconds) => bench.Measure(server, path, plan => plan with
        {
            Request = RequestBytes.Write("POST", new Uri($"http://127.0.0.1:{server.Port}{path}"), ["Content-Type: application/json"], body),
            Duration = (long)(seconds * 1e9),
        });
    }
}

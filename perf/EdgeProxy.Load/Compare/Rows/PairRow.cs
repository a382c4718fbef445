using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Runs;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>CPU time of a request beside that of the plain proxied one, by two routes of one process in turns.</summary>
internal sealed class PairRow(string name, string figure, string path, Threshold threshold) : Row(name)
{
    private const string Plain = "/kilobyte";

    /// <summary>The directory of what the row adds to the configurations.</summary>
    public required string Extra { get; init; }

    /// <summary>Header fields of the other request.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>How the other request is answered.</summary>
    public int Status { get; init; } = 200;

    public required string Must { get; init; }

    public string Goal { get; init; } = "";

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        using RunningServer? server = ours is null ? null : bench.StartOrNull(ours, setup => setup with { Extra = Extra }, Plain);
        if (server is null) return [];

        _ = Measure(bench, server, Plain, [], 200, bench.Settings.WarmUpSeconds);
        _ = Measure(bench, server, path, Fields, Status, bench.Settings.WarmUpSeconds);
        List<double> plain = [];
        List<double> others = [];
        long failed = 0;
        double answered = 0;
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            // In turns first and second, so that a machine that grows slower or faster favours neither.
            Sample? first = round % 2 == 0 ? Measure(bench, server, path, Fields, Status, bench.Settings.Seconds) : null;
            Sample asItIs = Measure(bench, server, Plain, [], 200, bench.Settings.Seconds);
            Sample other = first ?? Measure(bench, server, path, Fields, Status, bench.Settings.Seconds);
            plain.Add(asItIs.CpuMicroseconds);
            others.Add(other.CpuMicroseconds);
            failed += asItIs.Failed + other.Failed;
            answered += (asItIs.Rate + other.Rate) * bench.Settings.Seconds;
            Bench.Say($"  {Name} round {round}: plain {asItIs.CpuMicroseconds:0.00} us, {path} {other.CpuMicroseconds:0.00} us, answered otherwise {asItIs.Failed + other.Failed}");
        }

        IReadOnlyList<double> ratios = Statistics.PairedRatios(others, plain);
        double ratio = Statistics.Median(ratios);
        return
        [
            new RowResult
            {
                Figure = figure,
                Must = Must,
                Goal = Goal,
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = $"{Text(Statistics.Median(others), unit: " us")} ({Text(Statistics.Median(plain), unit: " us")} plain)" },
                Judged = ratios.Count == 0 ? "" : $"{Text(ratio)} of plain ({Text(ratios.Min())}-{Text(ratios.Max())})",
                Verdict = threshold.Judge(ratio),

                // A throttle admits one now and then.
                Notes = failed > answered / 1000 ? [$"{Name}: {failed} requests failed or had another status than {Status}"] : [],
            },
        ];
    }

    private static Sample Measure(Bench bench, RunningServer server, string path, IReadOnlyList<string> fields, int status, double seconds)
    {
        long before = server.Process.CpuNanoseconds;
        LoadResult result = bench.Load(server.Port, path, plan => plan with
        {
            Request = RequestBytes.Write("GET", new Uri($"http://127.0.0.1:{server.Port}{path}"), fields, default),
            Duration = (long)(seconds * 1e9),
        });
        long used = server.Process.CpuNanoseconds - before;
        long asExpected = result.ByStatus.Where(pair => pair.Status == status).Sum(pair => pair.Count);
        return new Sample(used / 1000.0 / Math.Max(1, result.Completed), result.Rate, result.Errors.Total + result.Completed - asExpected);
    }
}

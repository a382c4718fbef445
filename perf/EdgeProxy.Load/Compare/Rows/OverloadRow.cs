using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Measuring;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>Three times what the node can do: what the admitted requests pay, and how much useful work is left.</summary>
/// <remarks>
/// The route answers from a template that takes the processor some hundred microseconds, so that the node is what is overloaded, not the load tool beside it. The loop is
/// open: what is shed was sent, and what is admitted counts from when it was due.
/// </remarks>
internal sealed class OverloadRow(string name) : Row(name)
{
    private const string Target = "/busy";
    private const int FewConnections = 3; // enough to keep one processor busy; with more some would be shed
    private const double Times = 3;
    private const double Calm = 1.0 / 3;

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        using RunningServer? server = ours is null ? null : bench.StartOrNull(ours, setup => setup with { Extra = "overload" }, Target);
        if (server is null) return [];

        List<double> tails = [];
        List<double> goodputs = [];
        List<string> seen = [];
        _ = Capacity(bench, server, bench.Settings.WarmUpSeconds);
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            double capacity = Capacity(bench, server, bench.Settings.Seconds);
            ScenarioStats calm = Drive(bench, server, capacity * Calm);
            ScenarioStats over = Drive(bench, server, capacity * Times);
            tails.Add(over.Ok.Latency.Percent99 / calm.Ok.Latency.Percent99);
            goodputs.Add(over.Ok.Request.RPS / capacity);
            seen.Add($"{over.Ok.Latency.Percent99:0.00} ms, {over.Ok.Request.RPS:0}/s");
            string statuses = string.Join(", ", over.Ok.StatusCodes.Concat(over.Fail.StatusCodes).Select(status => $"{status.StatusCode}: {status.Count}"));
            Bench.Say($"  {Name} round {round}: capacity {capacity:0}/s, p99 at a third {calm.Ok.Latency.Percent99:0.00} ms, at three times {over.Ok.Latency.Percent99:0.00} ms, {over.Ok.Request.RPS:0}/s admitted ({statuses})");
        }

        double tail = Statistics.Median(tails);
        double goodput = Statistics.Median(goodputs);
        return
        [
            new RowResult
            {
                Figure = "p99 of admitted requests at three times capacity, beside p99 at a third of it",
                Must = "within 3 times",
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = seen[^1] },
                Judged = $"{Text(tail)} ({Text(tails.Min())}-{Text(tails.Max())})",
                Verdict = new Threshold(3, 3).Judge(tail),
            },
            new RowResult
            {
                Figure = "requests answered 200 at three times capacity, beside capacity",
                Must = "at least 0.9",
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = seen[^1] },
                Judged = $"{Text(goodput)} ({Text(goodputs.Min())}-{Text(goodputs.Max())})",

                // A threshold is a most, so it is asked of the inverse.
                Verdict = new Threshold(1 / 0.9, 1 / 0.9).Judge(1 / goodput),
            },
        ];
    }

    private static double Capacity(Bench bench, RunningServer server, double seconds)
    {
        LoadResult full = bench.Load(server.Port, Target, plan => plan with { Connections = FewConnections, Duration = (long)(seconds * 1e9) });
        return full.ByStatus.Where(pair => pair.Status == 200).Sum(pair => pair.Count) * 1e9 / Math.Max(1, full.Elapsed);
    }

    private static ScenarioStats Drive(Bench bench, RunningServer server, double rate)
    {
        LoadRequest request = LoadRequest.Create("GET", $"http://127.0.0.1:{server.Port}{Target}", []);
        return bench.Drive(server.Port, client => Scenario.Create("overload", async context => await client.SendAsync(request))
            .WithWarmUpDuration(TimeSpan.FromSeconds(bench.Settings.WarmUpSeconds))
            .WithLoadSimulations(Simulation.Inject((int)Math.Max(1, rate), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(bench.Settings.Seconds)))).ScenarioStats[0];
    }
}

using System.Globalization;
using EdgeProxy.Load.Driving;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>Resident memory with a million cached answers of 1 KB, and what a hit among them takes beside one among a thousand.</summary>
internal sealed class CacheMemoryRow(string name) : Row(name)
{
    private const int Many = 1_000_000;
    private const int Few = 1_000;
    private const int FillingCopies = 64;
    private const int HitsPerSecond = 5_000;
    private const double MostMegabytes = 1400;
    private const double MostRatio = 1.1; // what a pair of runs of the same thing may differ by

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        if (ours is null) return [];
        using RunningServer? small = bench.StartOrNull(ours, setup => setup with { Extra = "cache-memory" }, PathOf(0));
        using RunningServer? large = bench.StartOrNull(ours, setup => setup with { Extra = "cache-memory" }, PathOf(0));
        if (small is null || large is null) return [];

        double before = large.Process.ResidentBytes / 1e6;
        Fill(bench, small, Few);
        Fill(bench, large, Many);
        double after = large.Process.ResidentBytes / 1e6;
        Bench.Say($"  {Name}: {before:0} MB, with {Many} entries {after:0} MB");

        List<double> ratios = [];
        List<double> tails = [];
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            double few = Hits(bench, small, Few);
            double many = Hits(bench, large, Many);
            ratios.Add(many / few);
            tails.Add(many);
            Bench.Say($"  {Name} round {round}: p99 of a hit {few:0.000} ms among {Few}, {many:0.000} ms among {Many}");
        }

        double ratio = Statistics.Median(ratios);
        return
        [
            Ours("resident memory with 1,000,000 cached answers of 1 KB", "below 1.4 GB", Text(after, "0", " MB"), new Threshold(MostMegabytes - 0.0001, MostMegabytes - 0.0001).Judge(after)),
            new RowResult
            {
                Figure = $"p99 of a hit among 1,000,000 entries, beside one among 1,000, at {HitsPerSecond} a second",
                Must = $"unchanged (within {Limit(MostRatio)})",
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = Text(Statistics.Median(tails) * 1000, "0", " us") },
                Judged = $"{Text(ratio)} ({Text(ratios.Min())}-{Text(ratios.Max())})",
                Verdict = new Threshold(MostRatio, 1).Judge(ratio),
            },
        ];
    }

    private static string PathOf(int entry) => string.Create(CultureInfo.InvariantCulture, $"/fresh/1024?entry={entry}");

    private void Fill(Bench bench, RunningServer server, int entries)
    {
        int next = 0;
        NodeStats filled = bench.Drive(
            server.Port,
            client => Scenario.Create("fill", async context =>
                {
                    int entry = next++;
                    if (entry < entries) return await client.SendAsync(Request(server, entry));
                    context.StopCurrentTest("filled");
                    return Response.Ok();
                })
                .WithoutWarmUp()
                .WithLoadSimulations(Simulation.KeepConstant(FillingCopies, TimeSpan.FromMinutes(20))),
            FillingCopies);
        long failed = filled.ScenarioStats[0].Fail.Request.Count;
        if (failed > 0) bench.Note($"{Name}: {failed} of {entries} answers did not come");
    }

    private double Hits(Bench bench, RunningServer server, int entries)
    {
        long asked = bench.BackendServed();
        ScenarioStats stats = bench.Drive(server.Port, client => Scenario.Create("hits", async context => await client.SendAsync(Request(server, context.Random.Next(entries))))
            .WithWarmUpDuration(TimeSpan.FromSeconds(bench.Settings.WarmUpSeconds))
            .WithLoadSimulations(Simulation.Inject(HitsPerSecond, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(bench.Settings.Seconds)))).ScenarioStats[0];
        asked = bench.BackendServed() - asked - 1;
        if (asked > 0) bench.Note($"{Name}: {asked} of {stats.AllRequestCount} requests among {entries} were no hits");
        return stats.Ok.Latency.Percent99;
    }

    private static LoadRequest Request(RunningServer server, int entry) => LoadRequest.Create("GET", $"http://127.0.0.1:{server.Port}{PathOf(entry)}", []);
}

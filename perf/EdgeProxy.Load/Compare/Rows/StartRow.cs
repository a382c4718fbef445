using System.Diagnostics;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>From the start of the process to its first 200, with 100 more routes configured.</summary>
internal sealed class StartRow(string name) : Row(name)
{
    private const int Routes = 100;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Dictionary<string, List<double>> times = bench.Contenders.ToDictionary(contender => contender.Name, _ => new List<double>());
        for (int start = 0; start < bench.Settings.Starts; start++)
        {
            foreach (Contender contender in bench.Contenders)
            {
                double? time = StartOnce(bench, contender);
                if (time is double milliseconds) times[contender.Name].Add(milliseconds);
                else if (start == 0) bench.Note($"{Name}: {contender.Name} did not answer");
            }
        }

        Dictionary<string, double> medians = times.Where(pair => pair.Value.Count > 0).ToDictionary(pair => pair.Key, pair => Statistics.Median(pair.Value));
        double ours = medians.GetValueOrDefault(Contender.EdgeProxyName, double.NaN);
        return
        [
            new RowResult
            {
                Figure = $"start to first 200 with {Routes} routes",
                Must = "below 30 ms",
                Goal = "below 10 ms",
                Cells = medians.ToDictionary(pair => pair.Key, pair => Text(pair.Value, "0.0", " ms")),
                Judged = Text(ours, "0.0", " ms"),
                Verdict = new Threshold(29.9999, 9.9999).Judge(ours),
            },
        ];
    }

    private static double? StartOnce(Bench bench, Contender contender)
    {
        bench.Pause(TimeSpan.Zero);
        ServerSetup setup = bench.NewSetup(setup => setup with { ExtraRoutes = Routes, Processors = null });
        IReadOnlyList<string> arguments = contender.Configure(setup);
        long began = Stopwatch.GetTimestamp();
        using ServerProcess process = ServerProcess.Start(contender.Program, arguments, setup.Processors, setup.Directory);
        return process.WaitUntilServing(setup.Port, $"/group-{(Routes - 1) / 10}/item-{(Routes - 1) % 10}", Within)
            ? Stopwatch.GetElapsedTime(began).TotalMilliseconds
            : null;
    }
}

using EdgeProxy.Load.Measuring;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>A new configuration each second at a third of capacity: what fails, and what the tail pays.</summary>
internal sealed class ReloadRow(string name) : Row(name)
{
    private const string Target = "/bytes/1024";
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Dictionary<string, string> failed = [];
        Dictionary<string, string> tails = [];
        long ourFailed = -1;
        double ourTail = double.NaN;
        foreach (Contender contender in bench.Contenders)
        {
            using RunningServer? server = bench.StartOrNull(contender, path: Target);
            if (server is null) continue;
            bench.WarmUp(server, Target);
            (long lost, double tail) = Measure(bench, server);
            failed[contender.Name] = lost.ToString(System.Globalization.CultureInfo.InvariantCulture);
            tails[contender.Name] = Text(tail);
            if (contender.Name == Contender.EdgeProxyName) (ourFailed, ourTail) = (lost, tail);
        }

        return
        [
            new RowResult
            {
                Figure = "requests failed with a reload each second",
                Must = "0",
                Goal = "0",
                Cells = failed,
                Judged = ourFailed < 0 ? "" : failed[Contender.EdgeProxyName],
                Verdict = ourFailed < 0 ? null : ourFailed == 0 ? Verdict.Goal : Verdict.Missed,
            },
            new RowResult
            {
                Figure = "p99 with a reload each second beside none",
                Must = "within 1.1",
                Goal = "1.03",
                Cells = tails,
                Judged = Text(ourTail),
                Verdict = new Threshold(1.1, 1.03).Judge(ourTail),
            },
        ];
    }

    private (long Failed, double Tail) Measure(Bench bench, RunningServer server)
    {
        double rate = Math.Floor(bench.Measure(server, Target).Rate / 3);
        List<double> calm = [];
        List<double> reloading = [];
        long failed = 0;
        int version = 0;
        for (int round = 1; round <= Math.Min(3, bench.Settings.Rounds); round++)
        {
            calm.Add(Turn(bench, server, rate).Latency.Percentile(99));

            using CancellationTokenSource done = new();
            Thread reloader = new(() =>
            {
                while (!done.Token.WaitHandle.WaitOne(Between))
                {
                    server.Contender.Rewrite(server.Setup, ++version);
                    server.Process.Signal(server.Contender.ReloadSignal);
                }
            });
            reloader.Start();
            LoadResult result = Turn(bench, server, rate);
            done.Cancel();
            reloader.Join();
            reloading.Add(result.Latency.Percentile(99));
            failed += result.Errors.Total + result.Refused;
            LoadErrors errors = result.Errors;
            Bench.Say($"  {Name} round {round} {server.Contender.Name}: p99 {calm[^1] / 1000:0} us calm, {reloading[^1] / 1000:0} us reloading, failed: connect {errors.Connect}, reset {errors.Reset}, stale {errors.Stale}, time-out {errors.TimeOut}, refused {result.Refused}");
        }

        return (failed, Statistics.Median(Statistics.PairedRatios(reloading, calm)));
    }

    private static LoadResult Turn(Bench bench, RunningServer server, double rate) =>
        bench.Load(server.Port, Target, plan => plan with { Rate = rate, Duration = (long)(bench.Settings.ReloadSeconds * 1e9) });
}

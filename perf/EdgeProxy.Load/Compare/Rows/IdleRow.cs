using System.Net;
using EdgeProxy.Load.Runs;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>Resident memory after the start, and what each idle keep-alive connection adds.</summary>
internal sealed class IdleRow(string name) : Row(name)
{
    private const string Target = "/mock";
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Dictionary<string, double> perConnection = [];
        Dictionary<string, double> bases = [];
        foreach (Contender contender in bench.Contenders)
        {
            using RunningServer? server = bench.StartOrNull(contender);
            if (server is null) continue;
            bench.Pause(Settle);
            bases[contender.Name] = server.Process.ResidentBytes / 1e6;
            perConnection[contender.Name] = Measure(bench, server);
        }

        double ours = perConnection.GetValueOrDefault(Contender.EdgeProxyName, double.NaN);
        double ourBase = bases.GetValueOrDefault(Contender.EdgeProxyName, double.NaN);
        return
        [
            new RowResult
            {
                Figure = $"memory per idle keep-alive connection ({bench.Settings.IdleConnections} of them)",
                Must = "below 1 KB",
                Goal = "below 300 B",
                Cells = perConnection.ToDictionary(pair => pair.Key, pair => Text(pair.Value, "0", " B")),
                Judged = Text(ours, "0", " B"),
                Verdict = new Threshold(1023, 299).Judge(ours),
            },
            new RowResult
            {
                Figure = "resident memory after the start",
                Must = "below 25 MB",
                Goal = "below 15 MB",
                Cells = bases.ToDictionary(pair => pair.Key, pair => Text(pair.Value, "0.0", " MB")),
                Judged = Text(ourBase, "0.0", " MB"),
                Verdict = new Threshold(24.9999, 14.9999).Judge(ourBase),
            },
        ];
    }

    private double Measure(Bench bench, RunningServer server)
    {
        // First what any load brings about, so that only what the connections keep is counted.
        _ = bench.Load(server.Port, Target, plan => plan with { Requests = 20_000, Duration = 20_000_000_000 });
        bench.Pause(Settle);
        long before = server.Process.ResidentBytes;

        using IdleHold hold = new(new LoadPlan
        {
            Address = AddressBytes.Encode(IPAddress.Loopback, server.Port),
            Request = RequestBytes.Write("GET", new Uri($"http://127.0.0.1:{server.Port}{Target}"), [], default),
            Connections = bench.Settings.IdleConnections,
        });
        hold.Open();
        bench.Pause(Settle);
        long after = server.Process.ResidentBytes;
        Bench.Say($"  {Name} {server.Contender.Name}: {before / 1e6:0.00} MB, with {hold.Held} idle connections {after / 1e6:0.00} MB");
        if (hold.Lost > 0) bench.Note($"{Name}: {server.Contender.Name} lost {hold.Lost} of {bench.Settings.IdleConnections} connections");
        return hold.Held == 0 ? double.NaN : Math.Max(0, after - before) / (double)hold.Held;
    }
}

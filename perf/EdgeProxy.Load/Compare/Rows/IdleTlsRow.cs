using System.Net.Security;
using EdgeProxy.Load.Runs;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>What each idle TLS connection adds to resident memory, with HTTP/1.1 or HTTP/2 spoken on it.</summary>
internal sealed class IdleTlsRow(string name, string figure, SslApplicationProtocol protocol, double mostKilobytes) : Row(name)
{
    private const string Target = "/bytes/64";
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Dictionary<string, double> perConnection = [];
        foreach (Contender contender in bench.Http2AndTlsContenders)
        {
            using RunningServer? server = bench.StartOrNull(contender, setup => setup with { Tls = true, Certificate = bench.Certificate() }, Target);
            if (server is null) continue;
            perConnection[contender.Name] = Measure(bench, server);
        }

        double ours = perConnection.GetValueOrDefault(Contender.EdgeProxyName, double.NaN);
        return
        [
            new RowResult
            {
                Figure = $"{figure} ({bench.Settings.IdleTlsConnections} of them)",
                Must = $"below {mostKilobytes:0} KB",
                Goal = "below nginx",
                Cells = perConnection.ToDictionary(pair => pair.Key, pair => Text(pair.Value / 1024, "0.0", " KB")),
                Judged = Text(ours / 1024, "0.0", " KB"),
                Verdict = new Threshold(mostKilobytes - 0.001, (perConnection.GetValueOrDefault(Contender.NginxName, 0) / 1024) - 0.001).Judge(ours / 1024),
            },
        ];
    }

    private double Measure(Bench bench, RunningServer server)
    {
        // First what any load brings about, so that only what the connections keep is counted.
        ForeignLoad load = new Http2Load(Target, Tls: true, Connections: 64, Streams: 1) { Http1 = protocol == SslApplicationProtocol.Http11 };
        _ = bench.Measure(server, load, 2);
        bench.Pause(Settle);
        long before = server.Process.ResidentBytes;

        using TlsHold hold = new(server.Setup.TlsPort, Target, bench.Settings.IdleTlsConnections, protocol);
        hold.Open();
        bench.Pause(Settle);
        long after = server.Process.ResidentBytes;
        Bench.Say($"  {Name} {server.Contender.Name}: {before / 1e6:0.00} MB, with {hold.Held} idle connections {after / 1e6:0.00} MB");
        if (hold.Lost > 0) bench.Note($"{Name}: {server.Contender.Name} lost {hold.Lost} of {bench.Settings.IdleTlsConnections} connections");
        return hold.Held == 0 ? double.NaN : Math.Max(0, after - before) / (double)hold.Held;
    }
}

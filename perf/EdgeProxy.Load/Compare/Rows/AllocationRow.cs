using System.Globalization;
using System.Net.Http;
using EdgeProxy.Load.Measuring;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>Bytes the whole process allocates per request in steady state, with the access log on and no scrape meanwhile.</summary>
internal sealed class AllocationRow(string name, string figure) : Row(name)
{
    private const string Target = "/bytes/1024";
    /// <summary>Load by HTTP/2 or over TLS; null for the load tool's own HTTP/1.1.</summary>
    public Http2Load? Load { get; init; }

    private const string Metric = "edgeproxy_gc_allocated_bytes_total";

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        using RunningServer? server = ours is null
            ? null
            : bench.StartOrNull(ours, Change, Target);
        double perRequest = server is null ? double.NaN : Measure(bench, server);
        return
        [
            Ours(figure, "0 (below 1)", Text(perRequest, "0.000", " B"), new Threshold(0.9999, 0.9999).Judge(perRequest)) with { Goal = "0" },
        ];

        ServerSetup Change(ServerSetup setup) => setup with
        {
            AccessLog = Path.Combine(setup.Directory, "access.log"),
            ClearHttp2 = Load is { IsTls: false },
            Tls = Load is { IsTls: true },
            Certificate = Load is { IsTls: true } ? bench.Certificate() : setup.Certificate,
        };
    }

    private double Measure(Bench bench, RunningServer server)
    {
        // Long enough that pools have reached their size.
        _ = Send(bench, server, bench.Settings.AllocationRequests / 5);
        double? first = ScrapeOrNull(server);
        double? before = ScrapeOrNull(server);
        ForeignResult load = Send(bench, server, bench.Settings.AllocationRequests);
        double? after = ScrapeOrNull(server);
        if (first is null || before is null || after is null)
        {
            bench.Note($"{Name}: {server.Contender.Name} shows no {Metric}");
            return double.NaN;
        }

        // One scrape lies between the readings; what it costs is known from the two before.
        double scrape = before.Value - first.Value;
        Bench.Say($"  {Name}: {after - before} bytes over {load.Completed} requests, of which a scrape {scrape}, failed {load.Failed}");
        return Math.Max(0, after.Value - before.Value - scrape) / Math.Max(1, load.Completed);
    }

    private ForeignResult Send(Bench bench, RunningServer server, long requests)
    {
        if (Load is not null) return Load.RunCount(server.Setup, requests, Bench.LoadProcessors);
        LoadResult load = bench.Load(server.Port, Target, plan => plan with { Requests = requests, Duration = 300_000_000_000 });
        return new ForeignResult(load.Completed, load.Errors.Total);
    }

    private static double? ScrapeOrNull(RunningServer server)
    {
        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            string text = client.GetStringAsync(new Uri($"http://127.0.0.1:{server.Setup.AdminPort}/metrics")).GetAwaiter().GetResult();
            return MetricText.SumOrNull(text, Metric);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

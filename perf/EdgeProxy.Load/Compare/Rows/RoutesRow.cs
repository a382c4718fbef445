using System.Diagnostics;
using System.Text.Json;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>How long the router takes among 10,000 routes, from the BenchmarkDotNet benchmark of that name.</summary>
internal sealed class RoutesRow(string name) : Row(name)
{
    private const string Benchmark = "RouterBenchmarks.Match_literal_among_10000";
    private const string Program = "perf/EdgeProxy.Benchmarks/bin/Release/net9.0/EdgeProxy.Benchmarks.dll";
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        if (!File.Exists(Program))
        {
            bench.Note($"{Name}: there is no {Program}");
            return [];
        }

        string artifacts = bench.NewSetup().Directory;
        using ServerProcess process = ServerProcess.Start(
            "dotnet",
            [Path.GetFullPath(Program), "--filter", "*." + Benchmark, "--artifacts", artifacts],
            Bench.ServerProcessors,
            artifacts);
        long until = Stopwatch.GetTimestamp() + (long)Within.TotalNanoseconds;
        while (!process.HasExited && Stopwatch.GetTimestamp() < until) bench.Pause(TimeSpan.FromMilliseconds(200));

        string? report = Directory.EnumerateFiles(artifacts, "*-report-brief.json", SearchOption.AllDirectories).FirstOrDefault();
        if (report is null)
        {
            bench.Note($"{Name}: {Benchmark} did not run: {process.LastLines}");
            return [];
        }

        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report));
        JsonElement measured = json.RootElement.GetProperty("Benchmarks")[0];
        double nanoseconds = measured.GetProperty("Statistics").GetProperty("Median").GetDouble();
        long bytes = measured.GetProperty("Memory").GetProperty("BytesAllocatedPerOperation").GetInt64();
        return
        [
            new RowResult
            {
                Figure = "route match among 10,000 routes",
                Must = "below 150 ns, 0 bytes",
                Goal = "below 60 ns",
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = Text(nanoseconds, "0", " ns") },
                Judged = $"{Text(nanoseconds, "0", " ns")}, {bytes} B",
                Verdict = bytes > 0 ? Verdict.Missed : new Threshold(149.9999, 59.9999).Judge(nanoseconds),
            },
        ];
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>How long one operation takes, and that it allocates nothing, from a BenchmarkDotNet benchmark.</summary>
internal sealed class BenchmarkRow(string name, string benchmark, string figure, int mostNanoseconds, int goalNanoseconds) : Row(name)
{
    private const string Program = "perf/EdgeProxy.Benchmarks/bin/Release/net9.0/EdgeProxy.Benchmarks.dll";
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    /// <summary>The processors it runs on; null for all.</summary>
    public string? Processors { get; init; } = Bench.ServerProcessors;

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
            [Path.GetFullPath(Program), "--filter", "*." + benchmark, "--artifacts", artifacts],
            Processors,
            artifacts);
        long until = Stopwatch.GetTimestamp() + (long)Within.TotalNanoseconds;
        while (!process.HasExited && Stopwatch.GetTimestamp() < until) bench.Pause(TimeSpan.FromMilliseconds(200));

        string? report = Directory.EnumerateFiles(artifacts, "*-report-brief.json", SearchOption.AllDirectories).FirstOrDefault();
        if (report is null)
        {
            bench.Note($"{Name}: {benchmark} did not run: {process.LastLines}");
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
                Figure = figure,
                Must = $"below {mostNanoseconds} ns, 0 bytes",
                Goal = $"below {goalNanoseconds} ns",
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = Text(nanoseconds, "0.#", " ns") },
                Judged = $"{Text(nanoseconds, "0.#", " ns")}, {bytes} B",
                Verdict = bytes > 0 ? Verdict.Missed : new Threshold(mostNanoseconds - 0.0001, goalNanoseconds - 0.0001).Judge(nanoseconds),
            },
        ];
    }
}

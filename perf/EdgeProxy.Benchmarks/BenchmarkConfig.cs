using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace EdgeProxy.Benchmarks;

/// <summary>How benchmarks are run: in this process.</summary>
/// <remarks>
/// BenchmarkDotNet 0.14 knows no .NET 10 and would generate, restore and build a project per benchmark; in the process everything is
/// there already, and it runs on whatever runtime the machine has.
/// </remarks>
internal static class BenchmarkConfig
{
    /// <summary>For figures: times to be quoted, and allocations.</summary>
    public static IConfig Full() => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsDefault())
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddExporter(JsonExporter.Brief);

    /// <summary>For budgets: allocations are exact after a few thousand calls, times are not looked at.</summary>
    public static IConfig Short(ILogger logger) => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithStrategy(BenchmarkDotNet.Engines.RunStrategy.Throughput)
            .WithLaunchCount(1)
            .WithWarmupCount(2)
            .WithIterationCount(2)
            .WithIterationTime(TimeInterval.FromMilliseconds(50)))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(logger)
        .WithOptions(ConfigOptions.DisableLogFile);
}

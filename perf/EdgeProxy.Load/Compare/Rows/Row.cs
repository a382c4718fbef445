using System.Globalization;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>One figure of the comparison.</summary>
internal abstract class Row(string name)
{
    /// <summary>What it is called on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>Every row, in the order of the table.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        new CpuRow("proxy-1k", "CPU per proxied request, 1 KB, one loop", "/bytes/1024", new Threshold(0.92, 0.80)) { AlsoBelowHaProxy = true },
        new CpuRow("proxy-10k", "CPU per proxied request, 10 KB, one loop", "/bytes/10240", new Threshold(0.95, 0.80)),
        new CpuRow("proxy-100k", "CPU per proxied request, 100 KB, one loop", "/bytes/102400", new Threshold(0.85, 0.65)),
        new CpuRow("proxy-1k-logged", "CPU per proxied request, 1 KB, one loop, access log on", "/bytes/1024", threshold: null) { Logged = true },
        new CpuRow("proxy-1k-two-loops", "CPU per proxied request, 1 KB, two loops, unpinned", "/bytes/1024", new Threshold(0.80, 0.65)) { Pinned = false },
        new CpuRow("mock", "CPU per mock answer", "/mock", new Threshold(1.0, 0.85)),
        new LatencyRow("latency"),
        new AllocationRow("alloc"),
        new IdleRow("idle"),
        new StartRow("start"),
        new RoutesRow("routes"),
        new ReloadRow("reload"),
        new BinaryRow("binary"),
    ];

    /// <summary>Measures; more than one line where a row holds more than one figure.</summary>
    public abstract IReadOnlyList<RowResult> Run(Bench bench);

    protected static string Text(double value, string format = "0.00", string unit = "") =>
        double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture) + unit;

    protected static string Limit(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    protected static void StopAll(IEnumerable<RunningServer> servers)
    {
        foreach (RunningServer server in servers) server.Dispose();
    }
}

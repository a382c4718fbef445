using System.Globalization;
using System.Net.Security;

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
        new CpuRow("h2c-1k", "CPU per request, HTTP/2 in plain text to HTTP/1.1, 1 KB, 8 connections of 32 streams", "/bytes/1024", new Threshold(0.55, 0.48))
        {
            AlsoBelowHaProxy = true,
            Load = new Http2Load("/bytes/1024", Tls: false, Connections: 8, Streams: 32),
        },
        new CpuRow("h2-tls-1k", "CPU per request, HTTP/2 over TLS 1.3 to HTTP/1.1, 1 KB, 8 connections of 32 streams", "/bytes/1024", new Threshold(0.65, 0.60))
        {
            AlsoBelowHaProxy = true,
            Load = new Http2Load("/bytes/1024", Tls: true, Connections: 8, Streams: 32),
        },
        new CpuRow("https-1k", "CPU per request, HTTP/1.1 over TLS 1.3 kept open, 1 KB, 64 connections", "/bytes/1024", new Threshold(0.98, 0.85))
        {
            Load = new Http2Load("/bytes/1024", Tls: true, Connections: 64, Streams: 1) { Http1 = true },
        },
        new CpuRow("tls-full", "CPU per full TLS 1.3 handshake (ECDSA P-256), request, 1 KB, and close", "/bytes/1024", new Threshold(0.95, 0.80))
        {
            Load = new HandshakeLoad("/bytes/1024", Resumed: false),
        },
        new CpuRow("tls-resumed", "CPU per resumed TLS 1.3 handshake, request, 1 KB, and close", "/bytes/1024", new Threshold(0.95, 0.80))
        {
            Load = new HandshakeLoad("/bytes/1024", Resumed: true),
        },
        new LatencyRow("latency"),
        new AllocationRow("alloc", "bytes allocated per request, whole process, access log on"),
        new AllocationRow("alloc-h2", "the same, HTTP/2 over TLS") { Load = new Http2Load("/bytes/1024", Tls: true, Connections: 8, Streams: 32) },
        new AllocationRow("alloc-https", "the same, HTTP/1.1 over TLS") { Load = new Http2Load("/bytes/1024", Tls: true, Connections: 64, Streams: 1) { Http1 = true } },
        new IdleRow("idle"),
        new IdleTlsRow("idle-tls", "memory per idle TLS connection with HTTP/1.1", SslApplicationProtocol.Http11, mostKilobytes: 16),
        new IdleTlsRow("idle-h2", "memory per idle HTTP/2 connection over TLS", SslApplicationProtocol.Http2, mostKilobytes: 18),
        new WaitingRow("waiting"),
        new StartRow("start"),
        new BenchmarkRow("routes", "RouterBenchmarks.Match_literal_among_10000", "route match among 10,000 routes", mostNanoseconds: 150, goalNanoseconds: 60),
        new ReloadRow("reload"),
        new DeployRow("deploy"),
        new TemplateRow("template"),
        new SchemaRow("schema"),
        new MappedRow("mapped-1k"),
        new FunctionRow("lambda-node"),
        new CpuRow("cache-1k", "CPU per cache hit, 1 KB, one loop", "/fresh/1024", new Threshold(0.85, 0.75)) { AlsoBelowHaProxy = true, IsCached = true, Extra = "cache" },
        new CpuRow("cache-10k", "CPU per cache hit, 10 KB, one loop", "/fresh/10240", new Threshold(0.85, 0.75)) { AlsoBelowHaProxy = true, IsCached = true, Extra = "cache" },
        new PairRow("keys-1k", "CPU of a proxied request with API key, usage plan, quota and three throttles, beside the same without, 1 KB, one loop", "/keyed", new Threshold(1.08, 1.03))
        {
            Extra = "keys",
            Fields = ["x-api-key: load-scenario-key-0001"],
            Must = "at most 1.08 of plain",
            Goal = "1.03",
        },
        new PairRow("throttled", "CPU of a request that is answered 429, beside a proxied one, 1 KB, one loop", "/throttled", new Threshold(0.9999, 0.5))
        {
            Extra = "throttled",
            Status = 429,
            Must = "below the proxied one",
        },
        new CacheMemoryRow("cache-memory"),
        new KeysMemoryRow("keys-memory"),
        new OverloadRow("overload"),
        new ManagementRow("management"),
        new BenchmarkRow("token-bucket", "TokenBucketBenchmarks.Take_contended", "a token from a bucket that all processors ask", mostNanoseconds: 50, goalNanoseconds: 20) { Processors = null },
        new BinaryRow("binary"),
    ];

    /// <summary>Measures; more than one line where a row holds more than one figure.</summary>
    public abstract IReadOnlyList<RowResult> Run(Bench bench);

    protected static string Text(double value, string format = "0.00", string unit = "") =>
        double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture) + unit;

    /// <summary>A figure that only EdgeProxy has.</summary>
    protected static RowResult Ours(string figure, string must, string judged, Verdict? verdict) => new()
    {
        Figure = figure,
        Must = must,
        Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = judged },
        Judged = judged,
        Verdict = verdict,
    };

    protected static string Limit(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    protected static void StopAll(IEnumerable<RunningServer> servers)
    {
        foreach (RunningServer server in servers) server.Dispose();
    }
}

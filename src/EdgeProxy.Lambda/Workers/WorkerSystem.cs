using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Listeners;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Lambda.Workers;

/// <summary>What the workers of all functions share: the threads that start processes and read their output, the loops' files, what their listeners count.</summary>
internal sealed class WorkerSystem : IDisposable
{
    /// <summary>Largest head of a request to a Runtime API: a cause for tracing may have 1 MiB (specification lambda.md 3.2).</summary>
    private const int HeadBytes = 2 << 20;

    private const int HeaderCount = 1000;
    private const int Connections = 64;
    private const long Forever = 10L * 365 * 24 * 3600 * 1_000_000_000;

    private const int StartingThreads = 2;
    private const int Starts = 4096;

    /// <param name="log">The node log.</param>
    /// <param name="stripes">Loops of the node.</param>
    /// <param name="launcher">A command line that becomes the one put behind it, after tying it to this process; empty for none.</param>
    public WorkerSystem(ILogger log, int stripes, IReadOnlyList<string> launcher)
    {
        Log = log;
        Launcher = launcher;

        // Of their own: what functions send and get is not the clients' traffic.
        Metrics = new ServerMetrics(new MetricRegistry(stripes));
    }

    public ILogger Log { get; }

    public IReadOnlyList<string> Launcher { get; }

    public ServerMetrics Metrics { get; }

    public OutputPump Pump { get; } = new();

    public RuntimeLoops Loops { get; } = new();

    /// <summary>They never end, as a process that is tied to the thread that started it must not lose that.</summary>
    public BlockingThreads Starters { get; } = new("starts functions", StartingThreads, Starts);

    /// <summary>Where languages are looked for.</summary>
    public string Path { get; } = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin";

    /// <summary>How a Runtime API is served.</summary>
    public static ServerOptions Options { get; } = new()
    {
        Head = new HeadLimits(headBytes: HeadBytes, headerCount: HeaderCount),
        Chunks = new ChunkLimits(trailerBytes: HeadBytes),
        IdleTimeout = Forever,
        HeadTimeout = 60_000_000_000,
        ServesHttp2 = false,
    };

    public static ConnectionLimits NewLimits() => new(Connections, perAddress: 0);

    public void OnHandlerFailed(Exception exception) => LambdaLog.HandlerFailed(Log, exception);

    public void Dispose()
    {
        Pump.Dispose();
        Loops.Dispose();
    }
}

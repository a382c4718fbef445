using System.Globalization;
using System.Net;
using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Runs;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Compare;

/// <summary>The machine set up for comparing: contenders, a backend, and how long things take.</summary>
/// <remarks>Servers stand on processor 0; load and backend share processor 1. Everything is on 127.0.0.1.</remarks>
internal sealed class Bench(IReadOnlyList<Contender> contenders, BenchSettings settings, string configurations, string directory, CancellationToken stop) : IDisposable
{
    public const string ServerProcessors = "0";
    public const string LoadProcessors = "1";
    private const string SharedMemory = "/dev/shm";
    private const ulong LoadMask = 0b10;
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (ServerProcess Process, int Port)> _backends = [];
    private int _started;
    private DirectoryInfo? _memory;

    /// <summary>Those that take part in every row.</summary>
    public IReadOnlyList<Contender> Contenders { get; } = [.. contenders.Where(contender => !contender.OnlyHttp2AndTls && !contender.OnlyCaches)];

    /// <summary>EdgeProxy; null where it is not compared.</summary>
    public Contender? OursOrNull => Contenders.FirstOrDefault(static contender => contender.Name == Contender.EdgeProxyName);

    /// <summary>Those that take part where HTTP/2 and TLS are compared.</summary>
    public IReadOnlyList<Contender> Http2AndTlsContenders { get; } = [.. contenders.Where(contender => !contender.OnlyCaches)];

    /// <summary>Those that take part where caches are compared.</summary>
    public IReadOnlyList<Contender> CacheContenders { get; } = [.. contenders.Where(contender => !contender.OnlyHttp2AndTls)];

    public BenchSettings Settings { get; } = settings;

    /// <summary>Where the configurations are.</summary>
    public string Configurations { get; } = configurations;

    /// <summary>What could not be done, for the notes below the table.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Where the backend listens; it is started at the first call.</summary>
    /// <param name="pinned">Whether it stays on the processor of the load.</param>
    public int BackendPort(bool pinned = true)
    {
        string key = pinned ? LoadProcessors : "any";
        if (_backends.TryGetValue(key, out (ServerProcess Process, int Port) known)) return known.Port;

        string self = Environment.ProcessPath!;
        ServerProcess process = ServerProcess.Start(self, ["backend", "--port", "0"], pinned ? LoadProcessors : null, directory);
        int port = WaitForPort(process);
        _backends.Add(key, (process, port));
        return port;
    }

    private static int WaitForPort(ServerProcess process)
    {
        for (int tries = 0; tries < 500 && process.FirstLine is null; tries++) Thread.Sleep(10);
        if (int.TryParse(process.FirstLine, NumberStyles.None, CultureInfo.InvariantCulture, out int port)) return port;

        process.Dispose();
        throw new IOException("the backend did not start: " + process.LastLines);
    }

    /// <summary>How many requests the backend has answered, this one not included.</summary>
    public long BackendServed()
    {
        using System.Net.Http.HttpClient client = new();
        string json = client.GetStringAsync(new Uri($"http://127.0.0.1:{BackendPort()}/served")).GetAwaiter().GetResult();
        return long.Parse(json.AsSpan(json.IndexOf(':', StringComparison.Ordinal) + 1).TrimEnd('}'), NumberStyles.None, CultureInfo.InvariantCulture) - 1;
    }

    /// <summary>Starts a backend that answers late, by HTTP/2 in plain text.</summary>
    public ServerProcess StartSlowBackend(int milliseconds, out int port)
    {
        ServerProcess process = ServerProcess.Start(
            Environment.ProcessPath!,
            ["slow-h2c", "--delay", milliseconds.ToString(CultureInfo.InvariantCulture)],
            LoadProcessors,
            directory);
        port = WaitForPort(process);
        return process;
    }

    /// <summary>Starts a back end that prints its port, on any processor.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public ServerProcess StartBackend(string program, IEnumerable<string> arguments, out int port)
    {
        ServerProcess process = ServerProcess.Start(program, arguments, null, directory);
        port = WaitForPort(process);
        return process;
    }

    /// <summary>Starts a contender and waits until it serves; null, and a note, when it does not.</summary>
    public RunningServer? StartOrNull(Contender contender, Func<ServerSetup, ServerSetup>? change = null, string path = "/mock")
    {
        ServerSetup setup = NewSetup(change);
        ServerProcess process = ServerProcess.Start(contender.Program, contender.Configure(setup), setup.Processors, setup.Directory);
        if (process.WaitUntilServing(setup.Port, path, StartWithin)) return new RunningServer(contender, setup, process);

        string why = process.HasExited ? "ended" : "did not answer 200";
        Note($"{contender.Name} {why} ({path}): {process.LastLines}");
        process.Dispose();
        return null;
    }

    /// <summary>Starts all contenders; those that do not serve are left out.</summary>
    public IReadOnlyList<RunningServer> StartAll(Func<ServerSetup, ServerSetup>? change = null, string path = "/mock") =>
        [.. Contenders.Select(contender => StartOrNull(contender, change, path)).OfType<RunningServer>()];

    /// <summary>A fresh directory and fresh ports.</summary>
    public ServerSetup NewSetup(Func<ServerSetup, ServerSetup>? change = null)
    {
        string own = Path.Combine(directory, (++_started).ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(own);
        File.SetUnixFileMode(own, (UnixFileMode)0b111_101_101); // nginx's workers are another user
        ServerSetup setup = new()
        {
            Directory = own,
            Backend = BackendPort(),
            Port = ServerProcess.FreePort(),
            AdminPort = ServerProcess.FreePort(),
            ClearHttp2Port = ServerProcess.FreePort(),
            TlsPort = ServerProcess.FreePort(),
            Processors = ServerProcessors,
        };
        return change is null ? setup : change(setup);
    }

    /// <summary>A fresh directory whose files are in memory, where the machine has such a file system; else any.</summary>
    public string NewMemoryDirectory()
    {
        if (_memory is null)
        {
            string root = Directory.Exists(SharedMemory) ? SharedMemory : directory;
            _memory = Directory.CreateDirectory(Path.Combine(root, "edgeproxy-compare-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            File.SetUnixFileMode(_memory.FullName, (UnixFileMode)0b111_101_101);
        }

        string own = Path.Combine(_memory.FullName, _started.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(own);
        File.SetUnixFileMode(own, (UnixFileMode)0b111_101_101);
        return own;
    }

    /// <summary>Puts load on a server and relates what it used to what it answered.</summary>
    public Sample Measure(RunningServer server, string path, Func<LoadPlan, LoadPlan>? change = null, bool pinned = true)
    {
        long before = server.Process.CpuNanoseconds;
        LoadResult result = Load(server.Port, path, change, pinned);
        long used = server.Process.CpuNanoseconds - before;
        return new Sample(used / 1000.0 / Math.Max(1, result.Completed), result.Rate, result.Errors.Total + result.Refused);
    }

    /// <summary>Puts load on a server by a program of somebody else and relates what the server used to what it answered.</summary>
    public Sample Measure(RunningServer server, ForeignLoad load, double seconds)
    {
        stop.ThrowIfCancellationRequested();
        long before = server.Process.CpuNanoseconds;
        ForeignResult result = load.Run(server.Setup, seconds, LoadProcessors);
        long used = server.Process.CpuNanoseconds - before;
        return new Sample(used / 1000.0 / Math.Max(1, result.Completed), result.Completed / seconds, result.Failed);
    }

    /// <summary>The certificate of all contenders, made at the first call: ECDSA on P-256, signed by itself.</summary>
    public (string Certificate, string Key) Certificate()
    {
        string certificate = Path.Combine(directory, "certificate.pem");
        string key = Path.Combine(directory, "key.pem");
        if (File.Exists(certificate)) return (certificate, key);

        ForeignProgram.Run("openssl", [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ]);
        File.WriteAllText(Path.Combine(directory, "both.pem"), File.ReadAllText(certificate) + File.ReadAllText(key));
        foreach (string file in Directory.EnumerateFiles(directory, "*.pem")) File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        return (certificate, key);
    }

    /// <summary>Puts load on a port of this machine.</summary>
    public LoadResult Load(int port, string path, Func<LoadPlan, LoadPlan>? change = null, bool pinned = true)
    {
        stop.ThrowIfCancellationRequested();
        LoadPlan plan = new()
        {
            Address = AddressBytes.Encode(IPAddress.Loopback, port),
            Request = RequestBytes.Write("GET", new Uri($"http://127.0.0.1:{port}{path}"), [], default),
            Connections = Settings.Connections,
            Duration = (long)(Settings.Seconds * 1e9),
        };
        return LoadRun.Run(change is null ? plan : change(plan), pinned ? LoadMask : 0);
    }

    /// <summary>Load that is not looked at, so that pools, buffers and branch predictors are as in steady state.</summary>
    public void WarmUp(RunningServer server, string path, bool pinned = true) =>
        _ = Load(server.Port, path, plan => plan with { Duration = (long)(Settings.WarmUpSeconds * 1e9) }, pinned);

    /// <summary>Runs a scenario on the processor of the load.</summary>
    public NodeStats Drive(int port, Func<LoadClient, ScenarioProps> create, int connections = 1000)
    {
        stop.ThrowIfCancellationRequested();
        using LoadClient client = new($"http://127.0.0.1:{port}/", connections, TimeSpan.FromSeconds(10));
        ScenarioProps scenario = create(client) with { MaxFailCount = int.MaxValue };
        NodeStats? stats = null;
        Exception? failure = null;

        // What this thread starts, the session's own thread, is bound as it is.
        Thread thread = new(() =>
        {
            try
            {
                LoadRun.Bind(LoadMask);
                stats = new LoadSession([scenario], client, new SessionSettings()).Run(stop);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return stats ?? throw new IOException(failure?.Message, failure);
    }

    /// <summary>Waits without being deaf to a stop.</summary>
    public void Pause(TimeSpan time)
    {
        stop.WaitHandle.WaitOne(time);
        stop.ThrowIfCancellationRequested();
    }

    public void Note(string note)
    {
        Notes.Add(note);
        Say(note);
    }

    /// <summary>Tells the person who waits; the table goes to standard output alone.</summary>
    public static void Say(string what) => Console.Error.WriteLine(what);

    public void Dispose()
    {
        foreach ((ServerProcess process, _) in _backends.Values) process.Dispose();
        _memory?.Delete(recursive: true);
    }
}

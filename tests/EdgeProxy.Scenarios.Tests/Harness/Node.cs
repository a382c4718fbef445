using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>How a scenario wants its node; what is not said is the product's default.</summary>
internal sealed record NodeOptions
{
    /// <summary>The OpenAPI document to serve at <c>/</c>.</summary>
    public required string Api { get; init; }

    /// <summary>Further lines of <c>edgeproxy.yaml</c>.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Lines of <c>edgeproxy.yaml</c> below the entry of the API.</summary>
    public string ApiSettings { get; init; } = "";

    public int Loops { get; init; } = 2;

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The data listener to bind; null leaves it to the settings or to an inherited socket.</summary>
    public string? Listen { get; init; } = "http://127.0.0.1:0";

    /// <summary>A program (with arguments) that is to start the binary, in place of the test itself.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];
}

/// <summary>A running EdgeProxy process on loopback ports of its own choice, stopped when the scenario ends.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Temporary _files;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentQueue<string> _output = new();

    private Node(Process process, Temporary files)
    {
        _process = process;
        _files = files;
        process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) _log.Enqueue(text); };
        process.OutputDataReceived += (_, line) => { if (line.Data is { } text) _output.Enqueue(text); };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public int DataPort { get; set; }

    public int AdminPort { get; private set; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The folder of the configuration and the API document.</summary>
    public Temporary Files => _files;

    public string ConfigurationPath => _files.PathOf("edgeproxy.yaml");

    /// <summary>What the node wrote to its standard error: one JSON object a line.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>What the node wrote to its standard output: the access log, unless configured elsewhere.</summary>
    public IReadOnlyCollection<string> Output => _output;

    public static Task<Node> StartAsync(string api, string settings = "") => StartAsync(new NodeOptions { Api = api, Settings = settings });

    public static Task<Node> StartAsync(Api api, string settings = "") => StartAsync(api.ToString(), settings);

    /// <summary>Starts a node and returns when both its listeners are bound.</summary>
    public static async Task<Node> StartAsync(NodeOptions options)
    {
        var files = new Temporary();
        Node node = Launch(options, files);
        try
        {
            await node.UntilListeningAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node without waiting for anything; it becomes the owner of the files.</summary>
    public static Node Launch(NodeOptions options, Temporary files)
    {
        files.Write("api.json", options.Api);
        string configuration = files.Write("edgeproxy.yaml", Configuration(options));
        List<string> words =
        [
            .. options.Launcher, EdgeProxyBinary.Path,
            "run", "-c", configuration, "--admin", "http://127.0.0.1:0", "--loops", options.Loops.ToString(CultureInfo.InvariantCulture),
        ];
        if (options.Listen is { } url) words.AddRange(["--listen", url]);
        return LaunchWith(words, files, options.Environment);
    }

    /// <summary>Starts a node by a command line of the scenario's own; it becomes the owner of the files.</summary>
    public static Node LaunchWith(IReadOnlyList<string> words, Temporary files, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = files.Folder,
        };
        EdgeProxyBinary.Forget(start);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new Node(Process.Start(start)!, files);
    }

    /// <summary>The text of <c>edgeproxy.yaml</c> for these options.</summary>
    public static string Configuration(NodeOptions options) =>
        $"apis:\n  - file: api.json\n    basePath: /\n{Indented(options.ApiSettings, 4)}{options.Settings}\n";

    public async Task UntilListeningAsync()
    {
        await Wait.UntilAsync(
            () =>
            {
                if (_process.HasExited) throw new InvalidOperationException($"The node ended with status {_process.ExitCode}:\n{LogText}");
                foreach (JsonElement line in Events("listening"))
                {
                    int port = new Uri(line.GetProperty("url").GetString()!).Port;
                    if (line.GetProperty("listener").GetString() == "admin") AdminPort = port;
                    else DataPort = port;
                }

                return DataPort != 0 && AdminPort != 0;
            },
            "the node listens");
    }

    /// <summary>The lines of the node log with this event name, in order.</summary>
    public IReadOnlyList<JsonElement> Events(string name)
    {
        var found = new List<JsonElement>();
        foreach (string line in _log)
        {
            if (!line.Contains(name, StringComparison.Ordinal)) continue;
            JsonElement json = JsonSerializer.Deserialize<JsonElement>(line);
            if (json.TryGetProperty("event", out JsonElement value) && value.ValueEquals(name)) found.Add(json);
        }

        return found;
    }

    /// <summary>Waits for the <paramref name="count"/>th line of this event.</summary>
    public async Task<JsonElement> UntilEventAsync(string name, int count = 1)
    {
        try
        {
            await Wait.UntilAsync(() => Events(name).Count >= count, $"the node logs '{name}'");
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message} It logged:\n{LogText}");
        }

        return Events(name)[count - 1];
    }

    public string LogText => string.Join('\n', _log);

    public void Signal(int signal) => Native.Signal(ProcessId, signal);

    /// <summary>Waits for the end and returns the exit status.</summary>
    public async Task<int> UntilExitAsync()
    {
        await Wait.ForAsync(_process.WaitForExitAsync(), "the node ends");
        return _process.ExitCode;
    }

    public Task<Wire> ConnectAsync() => Wire.ConnectAsync(DataPort);

    /// <summary>One request on a connection of its own, answered.</summary>
    public async Task<Answer> AskAsync(string request)
    {
        using Wire wire = await ConnectAsync();
        await wire.SendAsync(request);
        return await wire.ReadResponseAsync();
    }

    /// <summary>GET of a path on a connection of its own.</summary>
    public Task<Answer> GetAsync(string path) => AskAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    /// <summary>GET of a path of the admin listener.</summary>
    public async Task<Answer> AdminAsync(string path, string headers = "")
    {
        using Wire wire = await Wire.ConnectAsync(AdminPort);
        await wire.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        return await wire.ReadResponseAsync();
    }

    /// <summary>The sum over all series of a metric whose labels contain <paramref name="labels"/>; 0 without any.</summary>
    public async Task<double> MetricAsync(string name, string labels = "")
    {
        double sum = 0;
        foreach (string line in (await AdminAsync("/metrics")).Text.Split('\n'))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || (line[name.Length] is not ('{' or ' '))) continue;
            if (!line.Contains(labels, StringComparison.Ordinal)) continue;
            sum += double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }

        return sum;
    }

    /// <summary>Bytes of memory the process holds now.</summary>
    public long ResidentBytes() => StatusBytes("VmRSS:");

    /// <summary>Asks again and again until told to stop; each answer must be 200.</summary>
    /// <param name="target">Path and query.</param>
    /// <param name="host">The host it is asked of.</param>
    /// <param name="newConnections">Whether each request comes on a connection of its own.</param>
    /// <param name="over">Tells to stop.</param>
    /// <returns>How many were served.</returns>
    public async Task<int> HammerAsync(string target, string host, bool newConnections, CancellationToken over)
    {
        int served = 0;
        string request = $"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n";
        Wire client = await ConnectAsync();
        try
        {
            while (!over.IsCancellationRequested)
            {
                if (newConnections)
                {
                    client.Dispose();
                    client = await ConnectAsync();
                }

                await client.SendAsync(request);
                Answer answer = await client.ReadResponseAsync();
                Assert.Equal(200, answer.Status);
                served++;
            }
        }
        finally
        {
            client.Dispose();
        }

        return served;
    }

    /// <summary>What the node allocates for each of many requests, as it counts itself.</summary>
    /// <param name="ask">Has so many served; at first fewer, which fill pools and tables: what is kept for good is no garbage.</param>
    /// <param name="count">How many.</param>
    public async Task<double> BytesPerRequestAsync(Func<int, Task> ask, int count)
    {
        await ask(count / 5);
        double first = await AllocatedAsync();
        double before = await AllocatedAsync();
        await ask(count);
        double after = await AllocatedAsync();

        // A scrape allocates; two in a row tell how much.
        return (after - before - (before - first)) / count;

        Task<double> AllocatedAsync() => MetricAsync("edgeproxy_gc_allocated_bytes_total");
    }

    /// <summary>The most memory that was resident at any time since the node started.</summary>
    public long PeakResidentBytes() => StatusBytes("VmHWM:");

    /// <summary>The binary's process when the launcher is a tracer, which stays its parent.</summary>
    public int TracedProcessId() =>
        int.Parse(File.ReadAllText($"/proc/{ProcessId}/task/{ProcessId}/children"), CultureInfo.InvariantCulture);

    /// <summary>Writes the API document anew; the node is not told.</summary>
    public void WriteApi(string api) => _files.Write("api.json", api);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Killed, not drained: a scenario that cares how a node ends has ended it itself.
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _files.Dispose();
    }

    private long StatusBytes(string field)
    {
        string line = File.ReadLines($"/proc/{ProcessId}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static string Indented(string lines, int spaces) => string.Concat(
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new string(' ', spaces) + line + "\n"));
}

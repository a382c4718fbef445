using System.Collections.Concurrent;
using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Loops;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.TestKit;

/// <summary>Loops on threads of their own and the functions they run in real processes, in a directory that goes with them.</summary>
public sealed class FunctionStage : IDisposable, ILoopRecipient, ILogger
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EpollLoop[] _loops;
    private readonly Thread[] _threads;
    private readonly ConcurrentQueue<Exception> _failures = [];
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Dictionary<string, FunctionName> _names = [];

    public FunctionStage(int loops = 1)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("edgeproxy-test-").FullName;
        _loops = [.. Enumerable.Range(0, loops).Select(i => new EpollLoop(i, _failures.Enqueue))];
        _threads = [.. _loops.Select(loop => new Thread(loop.Run) { IsBackground = true })];
        foreach (Thread thread in _threads) thread.Start();
        Registry = new MetricRegistry(loops);
        Host = new LocalFunctionHost(_loops, Registry, this, launcher: []);
    }

    /// <summary>Where functions' files are.</summary>
    public string Directory { get; }

    public LocalFunctionHost Host { get; }

    public MetricRegistry Registry { get; }

    /// <summary>What was logged, a line each: the event, then the message, then the fields.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Writes a file of a function.</summary>
    public FunctionStage With(string name, string content, bool executable = false)
    {
        string path = Path.Combine(Directory, name);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        if (executable) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>Options of a function whose files are in the directory.</summary>
    public LocalFunctionOptions Options(LocalRuntime runtime, string handler = "index.handler") => new()
    {
        Name = "probe",
        Runtime = runtime,
        Handler = handler,
        Code = Directory,
        Account = "123456789012",
        MaximumWorkers = 1,
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Puts one function in force.</summary>
    public LocalFunction Start(LocalFunctionOptions options) => Host.Apply([options])[0];

    /// <summary>Invokes a function on a loop and reads the result to its end.</summary>
    public FunctionAnswer Invoke(LocalFunction function, string eventText, int loop = 0, Action<FunctionCall>? fill = null, string name = "probe") =>
        Begin(function, eventText, loop, fill, name).Answer(Patience);

    /// <summary>Begins an invocation on a loop.</summary>
    public PendingAnswer Begin(LocalFunction function, string eventText, int loop = 0, Action<FunctionCall>? fill = null, string name = "probe")
    {
        FunctionName? called;
        lock (_names)
        {
            if (!_names.TryGetValue(name, out called))
            {
                if (!FunctionName.TryParse(name, out called)) throw new ArgumentException("No name of a function.", nameof(name));
                _names.Add(name, called);
            }
        }

        var pending = new PendingAnswer();
        Action start = () => RunAsync(function.Rent(_loops[loop], called), eventText, fill, pending).Forget();
        _loops[loop].Post(new LoopMessage(this, 0, start, 0));
        return pending;
    }

    /// <summary>Waits until something has been logged.</summary>
    public string WaitForLine(Func<string, bool> isWanted)
    {
        string? found = null;
        if (!SpinWait.SpinUntil(() => (found = _lines.FirstOrDefault(isWanted)) is not null, Patience)) throw new TimeoutException($"It was not logged. What was:\n{string.Join('\n', _lines)}");
        return found!;
    }

    public void Receive(in LoopMessage message) => ((Action)message.Operand!)();

    public void Dispose()
    {
        bool ended = Host.Stop(Patience);
        foreach (EpollLoop loop in _loops) loop.Stop();
        foreach (Thread thread in _threads) thread.Join(Patience);
        foreach (EpollLoop loop in _loops) loop.Dispose();
        Host.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
        if (_failures.TryPeek(out Exception? failure)) throw new InvalidOperationException("A loop failed.", failure);
        if (!ended) throw new InvalidOperationException("Processes are left.");
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string fields = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Where(pair => pair.Key[0] != '{').Select(pair => $"{pair.Key}={pair.Value}")) : "";
        _lines.Enqueue($"{eventId.Name}: {formatter(state, exception)} | {fields} {exception}");
    }

    private static async LoopTask RunAsync(FunctionCall call, string eventText, Action<FunctionCall>? fill, PendingAnswer pending)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(eventText);
        call.Event = new BodyChunk(bytes, 0, bytes.Length);
        fill?.Invoke(call);
        pending.OnCall(call);
        FunctionOutcome outcome = await call.InvokeAsync();
        pending.OnOutcome(outcome, call.Status, Encoding.ASCII.GetString(call.FunctionRequestId));
        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            pending.OnPiece(read.Chunk.Span);
            if (read.Status == BodyStatus.Data) continue;
            call.Return();
            pending.OnEnd(read.Status);
            return;
        }
    }
}

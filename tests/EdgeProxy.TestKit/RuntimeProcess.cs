using System.Globalization;
using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.Workers;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.TestKit;

/// <summary>A process of a <see cref="RuntimeStage"/>: what it says to the Runtime API is what the test says.</summary>
public sealed class RuntimeProcess : IWorkerSeat
{
    private readonly RuntimeStage _stage;
    private readonly Worker _worker;
    private readonly HttpServer _server;
    private readonly LogTail _tail = new();
    private MemoryConnection? _connection;

    internal RuntimeProcess(RuntimeStage stage, Worker worker)
    {
        _stage = stage;
        _worker = worker;
        var facts = new ListenerFacts("runtime-api", IsAdmin: false, IsTls: false, IsLoopback: true, Port: 9001);
        _server = new HttpServer(stage.Loop, facts, worker.Handler, WorkerSystem.Options, WorkerSystem.NewLimits(), new ServerMetrics(new MetricRegistry(1)), Failures.Add);
    }

    /// <summary>Exceptions out of the handler.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>Whether it was sent SIGTERM.</summary>
    public bool WasTerminated { get; private set; }

    /// <summary>Whether it was sent SIGKILL.</summary>
    public bool WasKilled => Kills > 0;

    /// <summary>How often it was sent SIGKILL.</summary>
    public int Kills { get; private set; }

    /// <summary>Whether its listener is closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The connection it uses, made when first needed.</summary>
    public MemoryConnection Connection => _connection ??= Connect();

    /// <summary>The id of the last event it was given.</summary>
    public string RequestId { get; private set; } = "";

    /// <summary>The invocation id of the last event it was given.</summary>
    public string InvocationId { get; private set; } = "";

    int IWorkerSeat.OpenConnections => _server.Open;

    LogTail IWorkerSeat.Tail => _tail;

    /// <summary>It writes to its output.</summary>
    public void Write(string text) => _tail.Append(Encoding.UTF8.GetBytes(text));

    /// <summary>Another connection.</summary>
    public MemoryConnection Connect()
    {
        var connection = new MemoryConnection(_stage.Loop);
        _server.OnAccepted(connection);
        return connection;
    }

    /// <summary>The system says that it runs.</summary>
    public void Start() => Post(Worker.Started, null, 4711);

    /// <summary>The system says that it cannot be started.</summary>
    public void FailToStart(string what)
    {
        Post(Worker.NotStarted, new WorkerFailure("Runtime.InvalidEntrypoint", what), 0);
        _stage.Loop.Run();
    }

    /// <summary>It ends.</summary>
    public void Exit(int code)
    {
        _connection?.DeliverEnd();
        Post(Worker.Exited, null, code);
        _stage.Loop.Run();
        _stage.Loop.Advance(TimeSpan.FromMilliseconds(200));
    }

    /// <summary>It ends, but what it sent is still on its way.</summary>
    public void ExitUnnoticed(int code)
    {
        Post(Worker.Exited, null, code);
        _stage.Loop.Run();
    }

    /// <summary>Sends bytes as they are and gives what is answered.</summary>
    public string Say(string bytes)
    {
        Connection.Deliver(bytes);
        _stage.Loop.Run();
        return Note(Connection.TakeSent());
    }

    /// <summary>Sends bytes on a connection of their own and gives what is answered.</summary>
    public string Ask(string bytes)
    {
        MemoryConnection connection = Connect();
        connection.Deliver(bytes);
        _stage.Loop.Run();
        return Note(connection.TakeSent());
    }

    /// <summary>What was sent since.</summary>
    public string Heard()
    {
        _stage.Loop.Run();
        return Note(Connection.TakeSent());
    }

    /// <summary>Asks for an event and gives what is answered; empty when that blocks.</summary>
    public string Next() => Say("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n\r\n");

    /// <summary>Sends a result of the last event.</summary>
    public string Respond(string body, string fields = "", string? requestId = null) => Say(Post($"invocation/{requestId ?? RequestId}/response", body, fields));

    /// <summary>Sends an error of the last event.</summary>
    public string Fail(string body, string fields = "", string? requestId = null) => Say(Post($"invocation/{requestId ?? RequestId}/error", body, fields));

    /// <summary>A request with a body of known length.</summary>
    public static string Post(string path, string body, string fields = "") => string.Create(
        CultureInfo.InvariantCulture, $"POST /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n{fields}Content-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>The status line and body of an answer, without the fields.</summary>
    public static string Brief(string answer)
    {
        int head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return head < 0 ? answer : $"{answer[9..12]} {answer[(head + 4)..]}";
    }

    /// <summary>A field of an answer; null when there is none.</summary>
    public static string? Field(string answer, string name)
    {
        foreach (string line in answer.Split("\r\n"))
        {
            if (line.Length == 0) return null;
            if (line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase)) return line[(name.Length + 2)..];
        }

        return null;
    }

    void IWorkerSeat.Terminate() => WasTerminated = true;

    void IWorkerSeat.Kill() => Kills++;

    void IWorkerSeat.Close() => IsClosed = true;

    void IWorkerSeat.Tag(ReadOnlySpan<byte> requestId)
    {
    }

    private void Post(int verb, object? operand, long number) => _stage.Loop.Post(new LoopMessage(_worker, verb, operand, number));

    private string Note(string answer)
    {
        if (Field(answer, "Lambda-Runtime-Aws-Request-Id") is not { } id) return answer;
        RequestId = id;
        InvocationId = Field(answer, "Lambda-Runtime-Invocation-Id")!;
        return answer;
    }
}

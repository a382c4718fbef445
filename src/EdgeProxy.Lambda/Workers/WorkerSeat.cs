using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Lambda.Workers;

/// <summary>A worker's process and the loopback listener of its Runtime API.</summary>
/// <remarks>
/// The process is started by a thread of <see cref="WorkerSystem"/>, because forking takes milliseconds. What that thread and the framework's
/// learn of it goes to the worker as messages; the fields they write are read only after those.
/// </remarks>
internal sealed class WorkerSeat : IWorkerSeat, IThreadPoolWorkItem
{
    private readonly WorkerSystem _system;
    private readonly Worker _worker;
    private readonly LocalFunctionOptions _options;
    private readonly string _runtimeApi;
    private readonly Listener? _listener;
    private readonly HttpServer? _server;
    private readonly RequestTag _tag = new();
    private readonly LogTail _tail = new();
    private readonly List<object> _pipes = [];
    private Process? _process;
    private int _processId;
    private volatile bool _hasExited;

    /// <param name="system">What all workers share.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="listener">Its listener, which accepts already.</param>
    /// <param name="server">What serves it.</param>
    /// <param name="runtimeApi">Its address.</param>
    public WorkerSeat(WorkerSystem system, Worker worker, Listener listener, HttpServer server, string runtimeApi)
    {
        _system = system;
        _worker = worker;
        _options = worker.Function.Options;
        _listener = listener;
        _server = server;
        _runtimeApi = runtimeApi;
    }

    public int OpenConnections => _server?.Open ?? 0;

    /// <summary>The last that the process wrote.</summary>
    public LogTail Tail => _tail;

    public void Tag(ReadOnlySpan<byte> requestId) => _tag.Set(requestId);

    public void Terminate() => Signal(Native.Terminate);

    public void Kill() => Signal(Native.Kill);

    public void Close()
    {
        _listener?.Stop();
        _server?.CutAll();
        foreach (object pipe in _pipes) _system.Pump.Close(pipe);
        _process?.Dispose();
    }

    /// <summary>Starts the process. On a thread that lives as long as the node: the process is ended with the thread that started it.</summary>
    public void Execute()
    {
        WorkerCommand? command = WorkerCommand.FindOrNull(_options, _system.Loops, _system.Path, out WorkerFailure failure);
        if (command is not null)
        {
            try
            {
                lock (_pipes) Start(command);
                Post(Worker.Started, null, _processId);
                return;
            }
            catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException or UnauthorizedAccessException)
            {
                failure = new WorkerFailure("Runtime.InvalidEntrypoint", $"Couldn't start {command.Executable}: {exception.Message}");
            }
        }

        Post(Worker.NotStarted, failure, 0);
    }

    private void Start(WorkerCommand command)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = _options.Code,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        IReadOnlyList<string> prefix = _system.Launcher;
        start.FileName = prefix.Count > 0 ? prefix[0] : command.Executable;
        for (int i = 1; i < prefix.Count; i++) start.ArgumentList.Add(prefix[i]);
        if (prefix.Count > 0) start.ArgumentList.Add(command.Executable);
        foreach (string argument in command.Arguments) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach ((string name, string value) in WorkerEnvironment.Make(_options, command, _runtimeApi, _system.Loops.Directory, DateTime.UtcNow)) start.Environment[name] = value;

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) => OnExited(process);
        process.Start();
        _processId = process.Id;
        _process = process;
        process.StandardInput.Close();
        _pipes.Add(Read(process.StandardOutput.BaseStream, "stdout"));
        _pipes.Add(Read(process.StandardError.BaseStream, "stderr"));
    }

    private object Read(Stream stream, string name)
    {
        var lines = new OutputLines(line =>
        {
            _worker.Function.Metrics.Lines.Increment(Telemetry.Metrics.MetricRegistry.SharedStripe);
            LambdaLog.Output(_worker.Function.Log, line, _options.Name, _worker.Name, name, _tag.ToString());
        });
        return _system.Pump.Add(((PipeStream)stream).SafePipeHandle, lines, _tail);
    }

    private void OnExited(Process process)
    {
        _hasExited = true;

        // One that ends at once is heard of before its start is through.
        int code;
        lock (_pipes) code = process.ExitCode;
        Post(Worker.Exited, null, code);
    }

    private void Post(int verb, object? operand, long number) => _worker.Loop.Post(new LoopMessage(_worker, verb, operand, number));

    // A launched process leads a group of its own, so that what it started goes with it. Until it has come to that it is alone.
    private void Signal(int signal)
    {
        if (_processId == 0) return;
        if (_system.Launcher.Count > 0 && Native.Signal(-_processId, signal)) return;
        if (!_hasExited) Native.Signal(_processId, signal);
    }
}

using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Lambda.Workers;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.TestKit;

/// <summary>A local function on a harness loop whose processes are the test: they speak the Runtime API over memory, and end when the test says so.</summary>
public sealed class RuntimeStage : IDisposable
{
    private static readonly LocalFunctionOptions s_options = new()
    {
        Name = "probe",
        Runtime = LocalRuntime.Provided,
        Code = "/var/task",
        Account = "123456789012",
        MaximumWorkers = 1,
    };

    public RuntimeStage(Func<LocalFunctionOptions, LocalFunctionOptions>? change = null)
    {
        Options = change is null ? s_options : change(s_options);
        Registry = new MetricRegistry(1);
        Function = new LocalFunction(Options, [Loop], _ => new FakeLauncher(this), new LambdaMetrics(Registry).Of("probe"), NullLogger.Instance);
    }

    public LoopHarness Loop { get; } = new();

    public LocalFunctionOptions Options { get; }

    public MetricRegistry Registry { get; }

    public LocalFunction Function { get; }

    /// <summary>The processes, in the order of their starts.</summary>
    public List<RuntimeProcess> Processes { get; } = [];

    /// <summary>Whether processes that are started run at once.</summary>
    public bool StartsAtOnce { get; set; } = true;

    /// <summary>The last process started.</summary>
    public RuntimeProcess Process => Processes[^1];

    /// <summary>Begins an invocation.</summary>
    public StagedCall Invoke(string eventText = "{}", Action<FunctionCall>? fill = null, string name = "probe")
    {
        if (!FunctionName.TryParse(name, out FunctionName? parsed)) throw new ArgumentException("No name of a function.", nameof(name));
        FunctionCall call = Function.Rent(Loop, parsed);
        byte[] bytes = Encoding.UTF8.GetBytes(eventText);
        call.Event = new BodyChunk(bytes, 0, bytes.Length);
        fill?.Invoke(call);
        var staged = new StagedCall(this, call);
        Loop.Run();
        return staged;
    }

    /// <summary>A process that has asked for its first event, without an invocation.</summary>
    public RuntimeProcess Ready()
    {
        StagedCall first = Invoke();
        RuntimeProcess process = Process;
        process.Next();
        process.Respond("null");
        process.Next();
        first.Finish();
        return process;
    }

    public void Dispose()
    {
        Loop.ThrowUnhandled();
        Loop.Dispose();
    }

    private sealed class FakeLauncher(RuntimeStage stage) : IWorkerLauncher
    {
        public IWorkerSeat Launch(Worker worker)
        {
            var process = new RuntimeProcess(stage, worker);
            stage.Processes.Add(process);
            if (stage.StartsAtOnce) process.Start();
            return process;
        }
    }
}

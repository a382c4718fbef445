using EdgeProxy.Core.Concurrency;
using EdgeProxy.Lambda.Workers;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Loops;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>The functions that this node runs itself. Control thread only.</summary>
public sealed class LocalFunctionHost : IDisposable
{
    private readonly IReadOnlyList<SocketLoop> _loops;
    private readonly int _keepers;
    private readonly LambdaMetrics _metrics;
    private readonly ILogger _log;
    private readonly WorkerSystem _system;
    private readonly List<LocalFunction> _all = [];
    private List<LocalFunction> _functions = [];

    /// <param name="loops">The loops that may invoke functions, by ordinal.</param>
    /// <param name="registry">Where functions count.</param>
    /// <param name="log">The node log, which gets the functions' output, too.</param>
    /// <param name="launcher">
    /// A command line that puts itself in a process group of its own, ties its life to this process, and becomes the command line behind it; empty to start workers as they
    /// are.
    /// </param>
    /// <param name="keepers">How many of the loops, from the first on, keep workers that nobody has asked for; all when it is 0.</param>
    public LocalFunctionHost(IReadOnlyList<SocketLoop> loops, MetricRegistry registry, ILogger log, IReadOnlyList<string> launcher, int keepers = 0)
    {
        _loops = loops;
        _keepers = keepers;
        _metrics = new LambdaMetrics(registry);
        _log = log;
        _system = new WorkerSystem(log, registry.Stripes, launcher);
    }

    /// <summary>Puts a set of functions in force: those that have not changed keep their workers, the others' end as they become free.</summary>
    /// <param name="options">Without problems (<see cref="LocalFunctionOptions.ProblemOrNull"/>).</param>
    /// <returns>The functions, in the order of their options.</returns>
    public IReadOnlyList<LocalFunction> Apply(IReadOnlyList<LocalFunctionOptions> options)
    {
        List<LocalFunction> last = _functions;
        var next = new List<LocalFunction>(options.Count);
        foreach (LocalFunctionOptions wanted in options)
        {
            int index = last.FindIndex(function => function.Options.Equals(wanted));
            if (index >= 0)
            {
                next.Add(last[index]);
                last.RemoveAt(index);
                continue;
            }

            var function = new LocalFunction(wanted, _loops, loop => new WorkerLauncher(_system, (SocketLoop)loop), _metrics.Of(wanted.Name), _log, _keepers);
            function.Warm();
            _all.Add(function);
            next.Add(function);
        }

        foreach (LocalFunction gone in last) gone.Retire();
        _all.RemoveAll(function => !next.Contains(function) && !last.Contains(function) && !function.HasProcesses);
        _functions = next;
        return next;
    }

    /// <summary>Ends all workers and waits for that, while the loops still run.</summary>
    /// <param name="atMost">How long to wait.</param>
    /// <returns>Whether all processes are gone.</returns>
    public bool Stop(TimeSpan atMost)
    {
        foreach (LocalFunction function in _all) function.Halt();
        return SpinWait.SpinUntil(() => _all.TrueForAll(function => function.HasEnded), atMost);
    }

    public void Dispose() => _system.Dispose();
}

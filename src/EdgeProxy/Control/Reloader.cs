using System.Diagnostics;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Platform;
using EdgeProxy.Settings;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>Loads the configuration again and again. What has a problem is not taken over, not even in part.</summary>
/// <remarks>Control thread only. Loads take as long as they take; the loops serve the old configuration meanwhile.</remarks>
internal sealed class Reloader
{
    private readonly SettingSources _sources;
    private readonly IConfigurationTarget _target;
    private readonly FileWatch? _watch;
    private readonly SystemdNotifier _notifier;
    private readonly NodeState _state;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Counter _succeeded;
    private readonly Counter _failed;

    public Reloader(
        SettingSources sources, IConfigurationTarget target, FileWatch? watch, SystemdNotifier notifier, NodeState state,
        ILogger log, MetricRegistry metrics, TimeProvider time)
    {
        _sources = sources;
        _target = target;
        _watch = watch;
        _notifier = notifier;
        _state = state;
        _log = log;
        _time = time;
        CounterFamily reloads = metrics.Counter("edgeproxy_reloads_total", "Configuration loads after the first, by result.", "result");
        _succeeded = reloads.With("success");
        _failed = reloads.With("failure");
        metrics.GaugeFunction("edgeproxy_snapshot_version", "Version of the snapshot that serves; 0 before the first.").Add(() => target.Version);
        metrics.GaugeFunction("edgeproxy_last_reload_success_timestamp_seconds", "When the configuration in force was loaded.").Add(() => state.LoadedAt / 1000.0);
    }

    /// <summary>Takes settings and documents over for the first time.</summary>
    /// <returns>False when something is wrong with them; the problems say what.</returns>
    public bool LoadFirst(NodeSettings settings, ProblemList problems)
    {
        Watch(settings);
        if (!_target.TryApply(settings, problems)) return false;
        _state.LoadedAt = _time.GetUtcNow().ToUnixTimeMilliseconds();
        LogProblems(problems);
        return true;
    }

    /// <summary>Loads everything again and takes it over if nothing is wrong with it.</summary>
    public bool Reload(string reason)
    {
        long start = Stopwatch.GetTimestamp();
        _notifier.Reloading();
        var problems = new ProblemList();
        bool done = SettingsReader.Read(_sources, problems) is { } settings && Apply(settings, problems);
        LogProblems(problems);
        long milliseconds = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (done)
        {
            _state.LoadedAt = _time.GetUtcNow().ToUnixTimeMilliseconds();
            _succeeded.Increment(MetricRegistry.SharedStripe);
            ProcessLog.Reloaded(_log, reason, _target.Apis, _target.Routes, _target.Version, milliseconds);
        }
        else
        {
            _failed.Increment(MetricRegistry.SharedStripe);
            ProcessLog.ReloadFailed(_log, reason, problems.Count(problem => problem.Severity == ProblemSeverity.Error), _target.Version);
        }

        _notifier.Ready(done ? $"Serving {_target.Apis} APIs" : $"Serving {_target.Apis} APIs; the last reload failed");
        return done;
    }

    private bool Apply(NodeSettings settings, ProblemList problems)
    {
        // Before the documents are read: what changes after this is a change again.
        Watch(settings);
        return _target.TryApply(settings, problems);
    }

    private void Watch(NodeSettings settings)
    {
        if (_watch is null) return;
        List<string> files = [.. settings.Apis.Select(api => api.File), .. settings.Apis.Select(api => api.Canary?.File).OfType<string>()];
        if (_sources.File is not null) files.Add(Path.GetFullPath(_sources.File, _sources.WorkingDirectory));
        if (settings.ApiKeyFile is { } keys) files.Add(keys);
        files.AddRange(TlsFiles.Of(settings));
        files.AddRange(FunctionLoader.FilesOf(settings.Lambda, _sources.Environment));
        _watch.Watch(files, TlsFiles.FoldersOf(settings));
    }

    private void LogProblems(ProblemList problems)
    {
        foreach (Problem problem in problems)
        {
            ProcessLog.Problem(_log, problem.Severity == ProblemSeverity.Error ? LogLevel.Error : LogLevel.Warning, ProblemWriter.Line(problem));
        }
    }
}

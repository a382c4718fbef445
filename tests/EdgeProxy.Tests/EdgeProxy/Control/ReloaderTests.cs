using System.Buffers;
using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Platform;
using EdgeProxy.Settings;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Tests.Process.Control;

public sealed class ReloaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-reload-").FullName;
    private readonly MetricRegistry _metrics = new(stripes: 1);
    private readonly NodeState _state = new();
    private readonly Target _target = new();
    private readonly List<(LogLevel Level, string? Event, string Text)> _log = [];
    private readonly SystemdNotifier _notifier = new(new Dictionary<string, string>(), 1);

    public void Dispose()
    {
        _notifier.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_good_configuration_is_taken_over_and_counted()
    {
        Write("limits: { headerCount: 5 }");
        Assert.True(Reloader().Reload("signal"));
        Assert.Equal(5, _target.Applied!.Limits.HeaderCount);
        Assert.Contains("edgeproxy_reloads_total{result=\"success\"} 1", Scrape(), StringComparison.Ordinal);
        Assert.Contains("edgeproxy_snapshot_version 1", Scrape(), StringComparison.Ordinal);
        Assert.Contains("edgeproxy_last_reload_success_timestamp_seconds 86400", Scrape(), StringComparison.Ordinal);
        Assert.Contains(_log, line => line is (LogLevel.Information, "reload", _));
    }

    [Fact]
    public void A_bad_settings_file_keeps_the_old_configuration_and_each_problem_is_logged()
    {
        Write("limits: { headerCount: 5 }");
        Reloader reloader = Reloader();
        reloader.Reload("signal");
        Write("limits: { headerCount: 0 }\nnope: 1");
        Assert.False(reloader.Reload("signal"));
        Assert.Equal(5, _target.Applied!.Limits.HeaderCount);
        Assert.Equal(1, _target.Version);
        Assert.Equal(2, _log.Count(line => line is (LogLevel.Error, "problem", _)));
        Assert.Contains("version 1 stays in force", Assert.Single(_log, line => line.Event == "reload_failed").Text, StringComparison.Ordinal);
        Assert.Contains("edgeproxy_reloads_total{result=\"failure\"} 1", Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_does_not_compile_is_as_bad()
    {
        Write("limits: { headerCount: 5 }");
        _target.Wrong = "no such type";
        Assert.False(Reloader().Reload("file"));
        Assert.Equal(0, _target.Version);
        Assert.Contains(_log, line => line is (LogLevel.Error, "problem", _) && line.Text.Contains("no such type", StringComparison.Ordinal));
    }

    [Fact]
    public void Warnings_are_logged_and_hold_nothing_up()
    {
        Write("loops: 1");
        _target.Warning = "deprecated";
        Assert.True(Reloader().Reload("signal"));
        Assert.Contains(_log, line => line is (LogLevel.Warning, "problem", _));
    }

    [Fact]
    public async Task The_settings_file_and_the_documents_are_watched_after_a_load()
    {
        using var changed = new SemaphoreSlim(0);
        using var watch = new FileWatch(() => changed.Release(), quietMilliseconds: 20);
        File.WriteAllText(Path.Combine(_directory, "api.yaml"), "1");
        Write("apis: [{ file: api.yaml }]");
        Assert.True(Reloader(watch).Reload("signal"));
        File.WriteAllText(Path.Combine(_directory, "api.yaml"), "2");
        Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(20)));
        Write("apis: [{ file: other.yaml }]");
        Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private Reloader Reloader(FileWatch? watch = null) => new(
        new SettingSources { File = "edgeproxy.yaml", WorkingDirectory = _directory }, _target, watch, _notifier, _state, new ListLogger(_log), _metrics, new OneDay());

    private void Write(string yaml) => File.WriteAllText(Path.Combine(_directory, "edgeproxy.yaml"), yaml);

    private string Scrape()
    {
        var text = new ArrayBufferWriter<byte>();
        _metrics.Write(text, ExpositionFormat.Text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private sealed class Target : IConfigurationTarget
    {
        public NodeSettings? Applied { get; private set; }

        public string? Wrong { get; set; }

        public string? Warning { get; set; }

        public long Version { get; private set; }

        public int Apis => 1;

        public int Routes => 1;

        public bool TryApply(NodeSettings settings, ProblemList problems)
        {
            if (Warning is not null) problems.Warning(ProblemCode.NotAllowed, null, Warning);
            if (Wrong is not null)
            {
                problems.Error(ProblemCode.NotAllowed, null, Wrong);
                return false;
            }

            Applied = settings;
            Version++;
            return true;
        }
    }

    private sealed class ListLogger(List<(LogLevel, string?, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add((logLevel, eventId.Name, formatter(state, exception)));
    }

    private sealed class OneDay : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddDays(1);
    }
}

using System.Text.Json;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Tests.Telemetry.Logging;

public sealed partial class NodeLoggerProviderTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("edgeproxy-log-");
    private readonly LogMetrics _metrics = new(new MetricRegistry(1));
    private readonly ManualTime _time = new();

    private string LogPath => Path.Combine(_directory.FullName, "node.log");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Writes_a_json_line_with_the_fields_of_the_message()
    {
        using (NodeLoggerProvider provider = Open())
        {
            UpstreamRefused(provider.CreateLogger("Http"), "10.0.0.1:80", 3, "a\"b\nc");
        }

        Assert.Equal(
            """{"ts":"2026-11-22T13:00:00.000Z","level":"warn","event":"UpstreamRefused","id":4007,"msg":"Upstream 10.0.0.1:80 refused 3 connections: a\u0022b\nc","upstream":"10.0.0.1:80","count":3,"level_":"a\u0022b\nc"}""" + "\n",
            File.ReadAllText(LogPath).Replace("\\\"", "\\u0022", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(LogLevel.Trace, "debug")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "error")]
    public void Names_the_level(LogLevel level, string name)
    {
        using (NodeLoggerProvider provider = Open(new NodeLogOptions { MinimumLevel = LogLevel.Trace }))
        {
            Anything(provider.CreateLogger("X"), level);
        }

        Assert.Equal(name, Assert.Single(Lines()).GetProperty("level").GetString());
    }

    [Fact]
    public void Leaves_out_what_is_below_the_level_of_the_moment()
    {
        using (NodeLoggerProvider provider = Open())
        {
            ILogger logger = provider.CreateLogger("X");
            Assert.False(logger.IsEnabled(LogLevel.Debug));
            Anything(logger, LogLevel.Debug);
            provider.MinimumLevel = LogLevel.Debug;
            Assert.True(logger.IsEnabled(LogLevel.Debug));
            Anything(logger, LogLevel.Debug);
            Assert.False(logger.IsEnabled(LogLevel.None));
        }

        Assert.Single(Lines());
    }

    [Fact]
    public void Writes_a_hundred_lines_of_an_event_in_a_second_and_sums_up_the_rest()
    {
        using (NodeLoggerProvider provider = Open())
        {
            ILogger logger = provider.CreateLogger("X");
            for (int i = 0; i < 250; i++) UpstreamRefused(logger, "u", i, "r");
            Anything(logger, LogLevel.Information); // another event has a hundred of its own
            _time.Advance(TimeSpan.FromSeconds(1));
            UpstreamRefused(logger, "u", 1000, "r");
        }

        JsonElement[] lines = Lines();
        Assert.Equal(100, lines.Count(l => l.GetProperty("event").GetString() == "UpstreamRefused" && l.GetProperty("count").GetInt64() < 100));
        JsonElement summary = Assert.Single(lines, l => l.GetProperty("event").GetString() == "EventsSuppressed");
        Assert.Equal("warn", summary.GetProperty("level").GetString());
        Assert.Equal("UpstreamRefused", summary.GetProperty("kind").GetString());
        Assert.Equal(4007, summary.GetProperty("kindId").GetInt64());
        Assert.Equal(150, summary.GetProperty("suppressed").GetInt64());
        Assert.Equal(1000, lines[^1].GetProperty("count").GetInt64());
        Assert.Equal(103, lines.Length);
    }

    [Fact]
    public void Sums_up_an_event_that_does_not_come_again()
    {
        using NodeLoggerProvider provider = Open(new NodeLogOptions { LinesPerSecond = 1 });
        ILogger logger = provider.CreateLogger("X");
        for (int i = 0; i < 3; i++) Anything(logger, LogLevel.Information);
        provider.Summarize();
        Assert.True(provider.Flush(s_patience));
        Assert.Single(Lines()); // its second is not over
        _time.Advance(TimeSpan.FromSeconds(1));
        provider.Summarize();
        Assert.True(provider.Flush(s_patience));
        Assert.Equal(2, Lines()[^1].GetProperty("suppressed").GetInt64());
        provider.Summarize();
        Assert.True(provider.Flush(s_patience));
        Assert.Equal(2, Lines().Length);
    }

    [Fact]
    public void Sums_up_when_it_stops()
    {
        using (NodeLoggerProvider provider = Open(new NodeLogOptions { LinesPerSecond = 1 }))
        {
            ILogger logger = provider.CreateLogger("X");
            for (int i = 0; i < 3; i++) Anything(logger, LogLevel.Information);
        }

        Assert.Equal(2, Lines()[^1].GetProperty("suppressed").GetInt64());
    }

    [Fact]
    public void Writes_an_exception_on_the_same_line()
    {
        using (NodeLoggerProvider provider = Open())
        {
            provider.CreateLogger("X").Log(LogLevel.Error, new EventId(1, "Bug"), "it broke", new InvalidOperationException("why\nso"), (s, _) => s);
        }

        JsonElement line = Assert.Single(Lines());
        Assert.Equal("it broke", line.GetProperty("msg").GetString());
        Assert.Contains("InvalidOperationException: why\nso", line.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_a_line_longer_than_its_buffer_and_drops_one_beyond_a_megabyte()
    {
        using (NodeLoggerProvider provider = Open())
        {
            ILogger logger = provider.CreateLogger("X");
            UpstreamRefused(logger, new string('x', 100_000), 1, "");
            UpstreamRefused(logger, new string('x', 3_000_000), 2, "");
        }

        Assert.Equal(100_000, Assert.Single(Lines()).GetProperty("upstream").GetString()!.Length);
        Assert.Equal(1, _metrics.Dropped.With("stderr", "node").Value);
    }

    [Fact]
    public void Drops_and_counts_when_too_much_waits()
    {
        using var pipe = new Fifo(LogPath);
        using NodeLoggerProvider provider = Open(new NodeLogOptions { MaxPendingBytes = 10_000, LinesPerSecond = int.MaxValue });
        ILogger logger = provider.CreateLogger("X");
        const int Lines = 5000; // 400 KB: more than a pipe holds, the writer has and may wait
        for (int i = 0; i < Lines; i++) Anything(logger, LogLevel.Information);
        long dropped = _metrics.Dropped.With("stderr", "node").Value;
        Assert.InRange(dropped, 1, Lines);
        string[] lines = pipe.ReadToEndAfter(() => Assert.True(provider.Flush(s_patience)));
        Assert.Equal(Lines - dropped, lines.Length);
    }

    [Fact]
    public void Keeps_all_lines_of_several_threads_whole()
    {
        using (NodeLoggerProvider provider = Open(new NodeLogOptions { LinesPerSecond = int.MaxValue }))
        {
            ILogger logger = provider.CreateLogger("X");
            var threads = new List<Thread>();
            for (int t = 0; t < 4; t++)
            {
                int thread = t;
                threads.Add(new Thread(() =>
                {
                    for (int i = 0; i < 500; i++) UpstreamRefused(logger, thread.ToString(), i, "r");
                }));
            }

            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());
        }

        foreach (IGrouping<string?, JsonElement> lines in Lines().GroupBy(l => l.GetProperty("upstream").GetString()))
        {
            Assert.Equal(Enumerable.Range(0, 500), lines.Select(l => l.GetProperty("count").GetInt32()));
        }
    }

    [LoggerMessage(4007, LogLevel.Warning, "Upstream {Upstream} refused {Count} connections: {Level}")]
    private static partial void UpstreamRefused(ILogger logger, string upstream, int count, string level);

    [LoggerMessage(EventId = 4008, Message = "Anything at all")]
    private static partial void Anything(ILogger logger, LogLevel level);

    private NodeLoggerProvider Open(NodeLogOptions? options = null)
    {
        return new NodeLoggerProvider(options ?? new NodeLogOptions(), _metrics, LogFile.Open(LogPath), _time);
    }

    private JsonElement[] Lines() => [.. File.ReadLines(LogPath).Select(line => JsonDocument.Parse(line).RootElement)];

    private sealed class ManualTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 22, 13, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}

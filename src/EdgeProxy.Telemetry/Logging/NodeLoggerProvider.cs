using System.Globalization;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>The node log: JSON lines on standard error for the person who runs the node (observability 7).</summary>
/// <remarks>
/// A line is <c>{"ts","level","event","id","msg",fields}</c>. It is rendered on the calling thread and appended to a buffer under a lock held for
/// the copy; a thread of its own writes, so a slow terminal holds nobody up. At most
/// <see cref="NodeLogOptions.LinesPerSecond"/> lines of one event are written in a second; a line then says how many were left out.
/// Any thread may log, loops included, but nothing that happens per request does so above debug.
/// </remarks>
public sealed class NodeLoggerProvider : ILoggerProvider, ILoggerFactory
{
    private const int KeptBytes = 64 << 10;
    private const string SuppressedEvent = "EventsSuppressed";

    private readonly NodeLogOptions _options;
    private readonly LogFile _output;
    private readonly TimeProvider _time;
    private readonly Counter _dropped;
    private readonly Counter _writeErrors;
    private readonly Thread _writer;
    private readonly LogTimestamps _timestamps = new();
    private readonly Dictionary<EventKind, Window> _windows = [];

    // A Monitor and not a Lock, because the writer waits on it.
    private readonly object _gate = new();
    private byte[] _pending = new byte[4096];
    private byte[] _writing = new byte[4096];
    private byte[] _line = new byte[4096];
    private int _pendingLength;
    private int _suppressing;
    private bool _busy;
    private bool _stopping;
    private volatile LogLevel _minimumLevel;

    /// <summary>Starts the log on standard error.</summary>
    public NodeLoggerProvider(NodeLogOptions options, LogMetrics metrics)
        : this(options, metrics, LogFile.StandardError, TimeProvider.System)
    {
    }

    internal NodeLoggerProvider(NodeLogOptions options, LogMetrics metrics, LogFile output, TimeProvider time)
    {
        _options = options;
        _output = output;
        _time = time;
        _minimumLevel = options.MinimumLevel;
        _dropped = metrics.Dropped.With("stderr", "node");
        _writeErrors = metrics.WriteErrors.With("stderr", "node");
        _writer = new Thread(Write) { IsBackground = true, Name = "node log" };
        _writer.Start();
    }

    /// <summary>The lowest level that is written. Any thread.</summary>
    public LogLevel MinimumLevel
    {
        get => _minimumLevel;
        set => _minimumLevel = value;
    }

    /// <summary>A logger. The category is not written: the event says it better.</summary>
    public ILogger CreateLogger(string categoryName) => new NodeLogger(this, categoryName);

    /// <summary>There is one node log.</summary>
    void ILoggerFactory.AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The node log has no other providers.");

    /// <summary>Waits until all lines so far are written.</summary>
    /// <returns>False when that took longer than <paramref name="timeout"/>.</returns>
    public bool Flush(TimeSpan timeout)
    {
        long until = _time.GetTimestamp();
        lock (_gate)
        {
            while (_pendingLength > 0 || _busy)
            {
                TimeSpan left = timeout - _time.GetElapsedTime(until);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left)) return _pendingLength == 0 && !_busy;
            }
        }

        return true;
    }

    /// <summary>Writes what is left, for up to 5 seconds, and stops.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping) return;
            SummarizeAll(force: true);
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        _writer.Join(TimeSpan.FromSeconds(5));
    }

    /// <summary>Writes the summaries of all events whose second is over. The writer does it each second while there are any.</summary>
    internal void Summarize()
    {
        lock (_gate) SummarizeAll(force: false);
    }

    internal void Log<TState>(
        string category, LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var kind = new EventKind(id.Id, id.Name ?? category);
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            if (_stopping || !Admit(kind, now)) return;
        }

        // Foreign code: not under the lock.
        string message = formatter(state, exception);
        lock (_gate)
        {
            Append(level, kind, message, now, state as IReadOnlyList<KeyValuePair<string, object?>>, exception);
        }
    }

    private static ReadOnlySpan<byte> NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug"u8,
        LogLevel.Information => "info"u8,
        LogLevel.Warning => "warn"u8,
        _ => "error"u8,
    };

    // {Upstream} in a message is the field "upstream"; a field must not pass for one of the line's own.
    private static string FieldName(string placeholder)
    {
        string name = char.ToLowerInvariant(placeholder[0]) + placeholder[1..];
        return name is "ts" or "level" or "event" or "id" or "msg" or "exception" ? name + "_" : name;
    }

    private bool Admit(EventKind kind, long now)
    {
        long second = now / 1000;
        _windows.TryGetValue(kind, out Window window);
        if (window.Second != second)
        {
            if (window.Suppressed > 0) AppendSummary(kind, window.Suppressed, now);
            window = new Window { Second = second };
        }

        bool admitted = window.Lines < _options.LinesPerSecond;
        if (admitted)
        {
            window.Lines++;
        }
        else if (window.Suppressed++ == 0)
        {
            // The writer must not sleep on: this second has to be summed up even if the event never comes again.
            _suppressing++;
            Monitor.PulseAll(_gate);
        }

        _windows[kind] = window;
        return admitted;
    }

    private void SummarizeAll(bool force)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach ((EventKind kind, Window window) in _windows)
        {
            if (window.Suppressed == 0 || (!force && window.Second == now / 1000)) continue;
            AppendSummary(kind, window.Suppressed, now);
            _windows[kind] = new Window { Second = window.Second, Lines = window.Lines };
        }
    }

    private void AppendSummary(EventKind kind, int suppressed, long now)
    {
        _suppressing--;
        string message = string.Create(CultureInfo.InvariantCulture, $"Left out {suppressed} lines of {kind.Name}, which came more than {_options.LinesPerSecond} times in a second");
        KeyValuePair<string, object?>[] fields = [new("Kind", kind.Name), new("KindId", kind.Id), new("Suppressed", suppressed)];
        Append(LogLevel.Warning, new EventKind(EventIds.EventsSuppressed, SuppressedEvent), message, now, fields, null);
    }

    private void Append(
        LogLevel level, EventKind kind, string message, long now, IReadOnlyList<KeyValuePair<string, object?>>? fields, Exception? exception)
    {
        int length;
        while ((length = Render(level, kind, message, now, fields, exception)) == 0)
        {
            if (_line.Length >= AccessLogProducer.MaxRecordBytes)
            {
                _dropped.Increment(MetricRegistry.SharedStripe);
                return;
            }

            _line = new byte[_line.Length * 4];
        }

        if (_pendingLength + length > _options.MaxPendingBytes)
        {
            _dropped.Increment(MetricRegistry.SharedStripe);
            return;
        }

        if (_pendingLength + length > _pending.Length) Array.Resize(ref _pending, Math.Max(_pending.Length * 2, _pendingLength + length));
        _line.AsSpan(0, length).CopyTo(_pending.AsSpan(_pendingLength));
        _pendingLength += length;
        Monitor.PulseAll(_gate);
    }

    private int Render(
        LogLevel level, EventKind kind, string message, long now, IReadOnlyList<KeyValuePair<string, object?>>? fields, Exception? exception)
    {
        var line = new JsonLineWriter(_line);
        line.Text("ts"u8, _timestamps.Rfc3339(now));
        line.Text("level"u8, NameOf(level));
        line.Text("event"u8, kind.Name);
        if (kind.Id != 0) line.Number("id"u8, kind.Id);
        line.Text("msg"u8, message);
        for (int i = 0; fields is not null && i < fields.Count; i++)
        {
            (string placeholder, object? value) = fields[i];
            if (placeholder.Length > 0 && placeholder[0] != '{') line.Any(FieldName(placeholder), value);
        }

        if (exception is not null) line.Text("exception"u8, exception.ToString());
        return line.End();
    }

    private void Write()
    {
        while (true)
        {
            int length;
            lock (_gate)
            {
                _busy = false;
                Monitor.PulseAll(_gate);
                while (_pendingLength == 0 && !_stopping)
                {
                    Monitor.Wait(_gate, _suppressing > 0 ? TimeSpan.FromSeconds(1) : Timeout.InfiniteTimeSpan);
                    if (_suppressing > 0) SummarizeAll(force: false);
                }

                length = _pendingLength;
                if (length == 0) return;
                (_pending, _writing) = (_writing, _pending);
                _pendingLength = 0;
                _busy = true;
                if (_line.Length > KeptBytes) _line = new byte[4096];
            }

            int error = _output.Write(_writing.AsSpan(0, length), () => !_stopping, out int written);
            if (error != 0)
            {
                _writeErrors.Increment(MetricRegistry.SharedStripe);
                _dropped.Add(MetricRegistry.SharedStripe, _writing.AsSpan(written, length - written).Count((byte)'\n'));
            }

            if (_writing.Length > KeptBytes) _writing = new byte[4096];
        }
    }

    private readonly record struct EventKind(int Id, string Name);

    private struct Window
    {
        public long Second;
        public int Lines;
        public int Suppressed;
    }
}

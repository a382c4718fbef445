using System.Runtime.InteropServices;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>An access log: lines from all loops, appended to a file or standard output by one thread.</summary>
/// <remarks>
/// <code>
///   loop 0: AccessLogProducer --full or old chunks--> queue \
///   loop 1: AccessLogProducer --full or old chunks--> queue --> writer thread --write(2)--> file, or standard output
///                             &lt;----- empty chunks -----    /
/// </code>
/// A sink that is slow, full or gone never holds a loop up: at the bound the oldest chunks are dropped and counted. Lines of one
/// loop keep their order, lines of different loops are in the order of their chunks.
/// </remarks>
public sealed partial class AccessLog : IDisposable
{
    private readonly AccessLogOptions _options;
    private readonly AccessLogProducer[] _producers;
    private readonly ILogger _nodeLog;
    private readonly Counter _dropped;
    private readonly Counter _writeErrors;
    private readonly Func<bool> _goOn;
    private readonly Thread _writer;
    private readonly WakeEvent _wake = new();

    private LogFile? _file;
    private bool _torn;
    private int _sleeping;
    private volatile bool _reopen;
    private volatile bool _stopping;
    private volatile bool _abandoned;

    /// <summary>Opens the sink and starts its writer.</summary>
    /// <param name="loops">Loops that will log; the index of a loop is its producer's and its metric stripe.</param>
    /// <param name="options">Where it goes, and the bounds.</param>
    /// <param name="metrics">Counts dropped records and failed writes.</param>
    /// <param name="nodeLog">Told about failed writes.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public AccessLog(int loops, AccessLogOptions options, LogMetrics metrics, ILogger nodeLog)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(loops, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChunkBytes, 1024, nameof(options));
        _options = options;
        _nodeLog = nodeLog;
        _file = options.Path is { } path ? LogFile.Open(path) : LogFile.StandardOutput;
        string sink = options.Path is null ? "stdout" : "file";
        _dropped = metrics.Dropped.With(sink, options.Kind);
        _writeErrors = metrics.WriteErrors.With(sink, options.Kind);
        _producers = new AccessLogProducer[loops];
        for (int i = 0; i < loops; i++) _producers[i] = new AccessLogProducer(this, i, loops, options, _dropped);
        _goOn = () => !_abandoned;
        _writer = new Thread(Write) { IsBackground = true, Name = $"{options.Kind} log" };
        _writer.Start();
    }

    /// <summary>The end of one loop.</summary>
    public AccessLogProducer Producer(int loop) => _producers[loop];

    /// <summary>Closes the file and opens its path again, before the next chunk is written: after a rotation by renaming (SIGUSR1).</summary>
    /// <remarks>Any thread. When the path cannot be opened, the old file stays in use and the node log says so.</remarks>
    public void Reopen()
    {
        _reopen = true;
        _wake.Set();
    }

    /// <summary>Writes what is left and stops the writer. Call when the loops have stopped: their open chunks are taken from them.</summary>
    /// <param name="timeout">How long to wait for the sink; 5 seconds is the node's drain.</param>
    /// <returns>Whether all was written, or at least tried, in time.</returns>
    public bool FlushAndStop(TimeSpan timeout)
    {
        if (!_stopping)
        {
            foreach (AccessLogProducer producer in _producers) producer.Flush();
            _stopping = true;
            _wake.Set();
        }

        if (_writer.Join(timeout)) return true;
        _abandoned = true;
        return false;
    }

    /// <summary>Stops without waiting for the sink.</summary>
    public void Dispose()
    {
        // The event is left to the process when the writer is stuck in a write: closing it would hand its number to a stranger.
        if (FlushAndStop(TimeSpan.Zero) || _writer.Join(TimeSpan.FromMilliseconds(200))) _wake.Dispose();
    }

    /// <summary>Wakes the writer, if it sleeps. Loops.</summary>
    internal void Wake()
    {
        // The full fence orders the chunk just queued before the look at the flag; the writer does the same the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0) _wake.Set();
    }

    private void Write()
    {
        while (true)
        {
            if (_reopen) ReopenNow();
            if (WriteRound()) continue;
            if (_stopping && !AnyFull()) break;

            Interlocked.Exchange(ref _sleeping, 1);
            if (!AnyFull() && !_reopen && !_stopping) _wake.Wait();
            Volatile.Write(ref _sleeping, 0);
        }

        if (_file is { } file) file.Dispose();
        _file = null;
    }

    private bool AnyFull()
    {
        foreach (AccessLogProducer producer in _producers)
        {
            if (producer.HasFull) return true;
        }

        return false;
    }

    // One chunk of each loop in turn, so that a busy loop cannot starve a quiet one.
    private bool WriteRound()
    {
        bool any = false;
        foreach (AccessLogProducer producer in _producers)
        {
            if (producer.TakeFull() is not { } chunk) continue;
            any = true;
            WriteChunk(chunk);
            producer.GiveBack(chunk);
        }

        return any;
    }

    private void WriteChunk(LogChunk chunk)
    {
        int error = 0;
        int lost = chunk.Records;
        if (_torn)
        {
            // The last write stopped inside a line; end it, so that this chunk's first line stays whole.
            error = _file!.Write("\n"u8, _goOn, out _);
            _torn = error != 0;
        }

        if (error == 0)
        {
            ReadOnlySpan<byte> bytes = chunk.Filled;
            error = _file!.Write(bytes, _goOn, out int written);
            if (error == 0) return;
            _torn = written > 0 && bytes[written - 1] != '\n';
            lost -= bytes[..written].Count((byte)'\n');
        }

        _writeErrors.Increment(MetricRegistry.SharedStripe);
        _dropped.Add(MetricRegistry.SharedStripe, lost);
        AccessLogWriteFailed(_nodeLog, _options.Kind, _options.Path ?? "stdout", Marshal.GetPInvokeErrorMessage(error), lost);
    }

    private void ReopenNow()
    {
        _reopen = false;
        if (_options.Path is not { } path) return;
        try
        {
            LogFile file = LogFile.Open(path);
            _file!.Dispose();
            _file = file;
            _torn = false;
            AccessLogReopened(_nodeLog, _options.Kind, path);
        }
        catch (IOException exception)
        {
            _writeErrors.Increment(MetricRegistry.SharedStripe);
            AccessLogReopenFailed(_nodeLog, _options.Kind, path, exception.Message);
        }
    }

    [LoggerMessage(EventIds.AccessLogWriteFailed, LogLevel.Error, "Writing to the {Kind} log {Path} failed: {Reason}; dropped {Records} records")]
    private static partial void AccessLogWriteFailed(ILogger logger, string kind, string path, string reason, int records);

    [LoggerMessage(EventIds.AccessLogReopened, LogLevel.Information, "Reopened the {Kind} log {Path}")]
    private static partial void AccessLogReopened(ILogger logger, string kind, string path);

    [LoggerMessage(EventIds.AccessLogReopenFailed, LogLevel.Error, "Reopening the {Kind} log {Path} failed: {Reason}; still writing to the old file")]
    private static partial void AccessLogReopenFailed(ILogger logger, string kind, string path, string reason);
}

using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>Counts, times and sizes of what ended in one way. One thread at a time uses it.</summary>
internal sealed class Measurement
{
    private const int MostStatuses = 100;
    private const string Others = "other";

    private readonly Latencies _latencies = new();
    private readonly Dictionary<string, (long Count, string Message)> _statuses = new(StringComparer.Ordinal);
    private long _bytes;
    private long _fewestBytes = long.MaxValue;
    private long _mostBytes;

    public long Count => _latencies.Count;

    public Latencies Latencies => _latencies;

    public void Record(IResponse response, long nanoseconds)
    {
        _latencies.Record(nanoseconds);
        _bytes += response.SizeBytes;
        _fewestBytes = Math.Min(_fewestBytes, response.SizeBytes);
        _mostBytes = Math.Max(_mostBytes, response.SizeBytes);
        CountStatus(response.StatusCode, 1, response.Message);
    }

    public void Add(Measurement other)
    {
        if (other.Count == 0) return;
        _latencies.Add(other._latencies);
        _bytes += other._bytes;
        _fewestBytes = Math.Min(_fewestBytes, other._fewestBytes);
        _mostBytes = Math.Max(_mostBytes, other._mostBytes);
        foreach ((string status, (long count, string message)) in other._statuses) CountStatus(status, count, message);
    }

    public void Clear()
    {
        _latencies.Clear();
        _statuses.Clear();
        (_bytes, _fewestBytes, _mostBytes) = (0, long.MaxValue, 0);
    }

    /// <param name="isError">Whether this holds failures.</param>
    /// <param name="all">How many ended in either way.</param>
    /// <param name="duration">Of the load.</param>
    public MeasurementStats ToStats(bool isError, long all, TimeSpan duration) => new()
    {
        Request = new RequestStats(Count, duration > TimeSpan.Zero ? Count / duration.TotalSeconds : 0, Share(Count, all)),
        Latency = new LatencyStats
        {
            MinMs = _latencies.Shortest / 1e6,
            MeanMs = _latencies.Mean / 1e6,
            MaxMs = _latencies.Longest / 1e6,
            StdDev = _latencies.Deviation / 1e6,
            Percent50 = Milliseconds(50),
            Percent75 = Milliseconds(75),
            Percent95 = Milliseconds(95),
            Percent99 = Milliseconds(99),
            Percent999 = Milliseconds(99.9),
        },
        DataTransfer = new DataTransferStats(Count == 0 ? 0 : _fewestBytes, Count == 0 ? 0 : (double)_bytes / Count, _mostBytes, _bytes),
        StatusCodes =
        [
            .. _statuses
                .OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new StatusCodeStats(pair.Key, isError, pair.Value.Message, pair.Value.Count, Share(pair.Value.Count, all))),
        ],
    };

    /// <summary>The curve of percentiles: half of what is left each time, to one in 100,000.</summary>
    public IReadOnlyList<(double Percent, double Milliseconds)> Curve()
    {
        List<(double, double)> points = [];
        for (double left = 100; left >= 0.001 && Count > 0; left *= 0.8) points.Add((100 - left, Milliseconds(100 - left)));
        return points;
    }

    public double Milliseconds(double percent) => _latencies.Percentile(percent) / 1e6;

    private static double Share(long count, long all) => all == 0 ? 0 : 100.0 * count / all;

    // A server that makes up statuses must not make up memory.
    private void CountStatus(string status, long count, string message)
    {
        if (!_statuses.ContainsKey(status) && _statuses.Count >= MostStatuses) status = Others;
        (long before, string said) = _statuses.GetValueOrDefault(status, (0, message));
        _statuses[status] = (before + count, said.Length > 0 ? said : message);
    }
}

namespace EdgeProxy.Load.Measuring;

/// <summary>What one load loop, or all of them together, saw.</summary>
internal sealed class LoadResult
{
    private readonly long[] _byStatus = new long[600];

    /// <summary>Whole answers, whatever their status.</summary>
    public long Completed { get; private set; }

    /// <summary>Requests that failed.</summary>
    public LoadErrors Errors;

    /// <summary>Open loop: requests whose time came but for which no connection was free before the end.</summary>
    public long Unsent;

    /// <summary>Content received, in bytes, without heads and framing.</summary>
    public long ContentBytes;

    /// <summary>Connections opened after the first ones.</summary>
    public long Reconnects;

    /// <summary>From the first request to the last answer, in nanoseconds.</summary>
    public long Elapsed;

    /// <summary>From the instant a request was due (open loop) or sent (closed loop) to its last byte.</summary>
    public Latencies Latency { get; } = new();

    /// <summary>From the instant a request was sent to its last byte.</summary>
    public Latencies Service { get; } = new();

    /// <summary>Whole answers per second.</summary>
    public double Rate => Elapsed == 0 ? 0 : Completed * 1e9 / Elapsed;

    /// <summary>Answers by status, in order, without those that did not occur.</summary>
    public IEnumerable<(int Status, long Count)> ByStatus =>
        Enumerable.Range(0, _byStatus.Length).Where(status => _byStatus[status] > 0).Select(status => (status, _byStatus[status]));

    /// <summary>Answers whose status is not 2xx or 3xx.</summary>
    public long Refused => _byStatus.AsSpan(0, 200).ToArray().Sum() + _byStatus.AsSpan(400).ToArray().Sum();

    /// <summary>Counts a whole answer.</summary>
    public void Complete(int status, long latency, long service)
    {
        Completed++;
        _byStatus[status]++;
        Latency.Record(latency);
        Service.Record(service);
    }

    /// <summary>Adds what another loop saw at the same time.</summary>
    public void Add(LoadResult other)
    {
        Completed += other.Completed;
        Errors += other.Errors;
        Unsent += other.Unsent;
        ContentBytes += other.ContentBytes;
        Reconnects += other.Reconnects;
        Elapsed = Math.Max(Elapsed, other.Elapsed);
        Latency.Add(other.Latency);
        Service.Add(other.Service);
        for (int status = 0; status < _byStatus.Length; status++) _byStatus[status] += other._byStatus[status];
    }
}

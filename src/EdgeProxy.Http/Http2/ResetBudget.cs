namespace EdgeProxy.Http.Http2;

/// <summary>How many streams of a connection may be reset early (rapid reset CVE-2023-44487, made-you-reset CVE-2025-8671).</summary>
/// <remarks>
/// Resets of the client and those it provokes come out of one budget: both let it start work and be rid of the stream at once. The
/// budget refills with time; over the connection's life no more than half of its streams may end so.
/// </remarks>
internal struct ResetBudget(int burst)
{
    /// <summary>From this many streams on, their share counts too.</summary>
    public const int LeastStreams = 200;

    private const long Second = 1_000_000_000;

    private long _left = burst;
    private long _filledAt;
    private int _resets;

    /// <summary>Takes one reset out; false when there were too many.</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="limit">Resets in a burst.</param>
    /// <param name="perSecond">Resets a second that come back.</param>
    /// <param name="streams">Streams the connection has had.</param>
    public bool TryTake(long now, int limit, int perSecond, long streams)
    {
        long since = now - _filledAt;
        if (since >= Second || perSecond == 0)
        {
            long seconds = since / Second;
            _left = Math.Min(limit, _left + Math.Min(seconds * perSecond, limit));
            _filledAt = now;
        }
        else
        {
            long back = since * perSecond / Second;
            if (back > 0)
            {
                _left = Math.Min(limit, _left + back);
                _filledAt += back * Second / perSecond;
            }
        }

        _resets++;
        if (streams >= LeastStreams && _resets * 2L > streams) return false;
        if (_left <= 0) return false;
        _left--;
        return true;
    }
}

namespace EdgeProxy.Http.Http2;

/// <summary>How many frames a client may send that carry nothing: PING, SETTINGS, PRIORITY, updates of windows (CVE-2019-9511 to 9518).</summary>
/// <remarks>
/// What our own frames call for is free: each DATA frame and each request earns some, because a client answers the one with an
/// update of a window, or a PING that measures, and begins the other with a priority.
/// </remarks>
internal struct ControlBudget
{
    private const long Window = 10_000_000_000;
    private const int MostEarned = 4096;

    private int _earned;
    private int _used;
    private long _windowEnds;

    /// <summary>Notes something that calls for an answer.</summary>
    public void Earn(int frames) => _earned = Math.Min(MostEarned, _earned + frames);

    /// <summary>Takes one frame out; false when there were too many.</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="limit">Frames in ten seconds beyond those earned.</param>
    public bool TryTake(long now, int limit)
    {
        if (_earned > 0)
        {
            _earned--;
            return true;
        }

        if (now >= _windowEnds)
        {
            _windowEnds = now + Window;
            _used = 0;
        }

        return ++_used <= limit;
    }
}

using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>Keeps further attempts a small share of the requests: an upstream that is down would get a multiple of its load just when it comes back.</summary>
/// <remarks>
/// Within the window of ten seconds there are at most (requests x share + ten times the minimum a second) of them, whichever loops make them: each counts itself
/// first and takes itself back if that was one too many, so that a race can only refuse.
/// </remarks>
internal sealed class RetryBudget
{
    private readonly WindowCounts _counts = new();

    /// <summary>Counts a request, whose further attempts may follow.</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    public void CountRequest(long now) => _counts.Add(now, matters: false);

    /// <summary>Whether another attempt may be made; it is counted then.</summary>
    public bool TryTake(RetryPlan plan, long now)
    {
        _counts.AddMattering(now);
        (long requests, long retries) = _counts.Sum(now);
        if (retries <= (requests * plan.BudgetPercent / 100) + ((long)plan.BudgetPerSecond * WindowCounts.Seconds)) return true;
        _counts.TakeBackMattering(now);
        return false;
    }

    /// <summary>Requests and further attempts in the window.</summary>
    public (long Requests, long Retries) Read(long now) => _counts.Sum(now);
}

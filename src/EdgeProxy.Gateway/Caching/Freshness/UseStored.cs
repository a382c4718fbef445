namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Decides what may be done with a stored answer (RFC 9111, 4 and 5.2.1; RFC 5861).</summary>
internal static class UseStored
{
    /// <summary>Decides for a request.</summary>
    /// <param name="life">The answer's life.</param>
    /// <param name="request">What the request says; nothing where that does not count.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    public static StoredUse Decide(in AnswerLife life, in CacheControl request, long now)
    {
        long left = life.LeftAt(now);
        bool isAsked = life.AlwaysRevalidates || request.Has(CacheDirectives.NoCache);
        bool isTooOld = request.MaxAge >= 0 && life.AgeAt(now) > request.MaxAge;
        bool isTooShort = request.MinFresh >= 0 && left < request.MinFresh;

        // Fresh while the lifetime is greater than the age (4.2).
        if (!isAsked && left > 0 && !isTooOld && !isTooShort) return StoredUse.Fresh;
        bool isTaken = request.Has(CacheDirectives.AnyStale) || request.MaxStale > 0;
        if (!isAsked && left <= 0 && !life.MustRevalidate && !isTooShort)
        {
            // With max-age as well, the client takes what is within both (5.2.1.1, 5.2.1.2).
            if (!isTooOld && isTaken && (request.Has(CacheDirectives.AnyStale) || -left <= request.MaxStale)) return StoredUse.StaleAccepted;
            if (!isTooOld && -left < life.StaleWhileRevalidate) return StoredUse.StaleWhileRevalidate;
        }

        return request.Has(CacheDirectives.OnlyIfCached) ? StoredUse.OnlyIfCached : StoredUse.Revalidate;
    }

    /// <summary>Whether an expired answer may be served because fetching another failed (RFC 5861, 4).</summary>
    /// <param name="life">The answer's life.</param>
    /// <param name="request">What the request says; its own <c>stale-if-error</c> counts as well as the answer's.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    public static bool MayStandIn(in AnswerLife life, in CacheControl request, long now)
    {
        if (life.MustRevalidate || life.AlwaysRevalidates) return false;
        long expiredFor = -life.LeftAt(now);
        return expiredFor < Math.Max(life.StaleIfError, request.StaleIfError);
    }
}

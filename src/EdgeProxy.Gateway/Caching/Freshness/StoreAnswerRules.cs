namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Whether an answer to a GET may be stored by a cache that many clients share (RFC 9111, 3 and 3.5).</summary>
internal static class StoreAnswerRules
{
    /// <summary>Judges an answer.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="facts">What its fields say.</param>
    /// <param name="life">Its life.</param>
    /// <param name="request">What the request says, where that counts.</param>
    /// <param name="isAuthorized">Whether the request has an Authorization.</param>
    public static StoreRefusal Judge(int status, in AnswerFacts facts, in AnswerLife life, in CacheControl request, bool isAuthorized)
    {
        CacheControl control = facts.Control;
        if (!Statuses.AreWhole(status)) return StoreRefusal.Status;
        if (control.Has(CacheDirectives.MustUnderstand))
        {
            // It overrides no-store for those who know the status, and forbids for the others (5.2.2.3).
            if (!Statuses.AreUnderstood(status)) return StoreRefusal.Status;
        }
        else if (control.Has(CacheDirectives.NoStore))
        {
            return StoreRefusal.NoStore;
        }

        if (request.Has(CacheDirectives.NoStore)) return StoreRefusal.RequestNoStore;
        if (control.Has(CacheDirectives.Private)) return StoreRefusal.Private;
        bool isShared = control.Has(CacheDirectives.Public) || control.SharedMaxAge >= 0;
        if (isAuthorized && !isShared && !control.Has(CacheDirectives.MustRevalidate)) return StoreRefusal.Authorized;

        // RFC 9111 leaves cookies to who sends them (7.3); nobody wants one client's session with another.
        if (facts.SetsCookie && !isShared) return StoreRefusal.Cookie;
        bool isExplicit = control.Has(CacheDirectives.Public) || control.SharedMaxAge >= 0 || control.MaxAge >= 0 || facts.HasExpires;
        if (!isExplicit && !Statuses.MayBeGuessed(status)) return StoreRefusal.NoLifetime;
        return life.UsefulUntil > life.ReceivedAt ? StoreRefusal.None : StoreRefusal.NoLifetime;
    }
}

using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells how RFC 9111 would judge a request and its answer, where the route's policy asks for that. A rehearsal neither looks nor stores.</summary>
internal static class TellFreshness
{
    public static void LookedUp(RequestContext request, RouteCache cache, FreshnessRules rules, ExplainedPhase told)
    {
        HttpMethod method = request.Exchange.Request.Method;
        told.Add("mode", "RFC 9111: answers are judged by what they say themselves");
        if (method is HttpMethod.Options or HttpMethod.Trace || request.IsGrpc)
        {
            told.Add("why", "OPTIONS, TRACE and gRPC pass the cache by");
            return;
        }

        if (method is not (HttpMethod.Get or HttpMethod.Head))
        {
            told.Add("why", "not answered from the cache; if it succeeds, what is stored for its target is invalid");
            return;
        }

        if (Preconditions.Of(request.Exchange.Request.Headers).IsForOrigin)
        {
            told.Add("why", "passes the cache by: a range, If-Match and If-Unmodified-Since are for the origin to answer");
            return;
        }

        told.Add("why", "looked up by scheme, host, path and query, and by the fields that stored answers vary by; an explanation neither looks nor stores");
        if (!rules.HonorsRequests) told.Add("requests", "their Cache-Control does not count");
        if (cache.Policy!.Coalesces) told.Add("coalesce", "one request fetches what is not there, the others wait for it");
    }

    public static void Stored(RequestContext request, FreshnessRules rules, ExplainedPhase told)
    {
        if (request.Exchange.Request.Method != HttpMethod.Get || Preconditions.Of(request.Exchange.Request.Headers).IsForOrigin)
        {
            told.Add("stored", "no: only whole answers to GET are");
            return;
        }

        var use = new CacheUse();
        if (rules.HonorsRequests) use.Fresh.Request = CacheControl.OfRequest(request.Exchange.Request.Headers);
        StoreRefusal refusal = StoreFresh.Judge(request, use, rules, out _, out AnswerLife life);
        if (refusal != StoreRefusal.None)
        {
            told.Add("stored", "no: " + Why(refusal));
            return;
        }

        told.Add("stored", "it would be, if it is not too large; an explanation stores nothing");
        told.Add("lifetime", $"{ExplanationNotes.Number(life.Lifetime)} s");
        if (life.InitialAge > 0) told.Add("age", $"{ExplanationNotes.Number(life.InitialAge)} s");
        if (life.StaleWhileRevalidate > 0) told.Add("staleWhileRevalidate", $"{ExplanationNotes.Number(life.StaleWhileRevalidate)} s");
        if (life.StaleIfError > 0) told.Add("staleIfError", $"{ExplanationNotes.Number(life.StaleIfError)} s");
    }

    private static string Why(StoreRefusal refusal) => refusal switch
    {
        StoreRefusal.Status => "its status is that of a part, or one that it asks caches to understand",
        StoreRefusal.NoStore => "it says no-store, or what cannot be read",
        StoreRefusal.RequestNoStore => "the request says no-store",
        StoreRefusal.Private => "it says private",
        StoreRefusal.Authorized => "the request is authorised, and the answer does not say that others may have it",
        StoreRefusal.Cookie => "it sets a cookie and does not say public",
        StoreRefusal.Varies => "it varies by more than can be told apart",
        StoreRefusal.Mapped => "a mapping makes its target of what is in no key: name that in cacheKeyParameters",
        _ => "it has no lifetime and no validator",
    };
}

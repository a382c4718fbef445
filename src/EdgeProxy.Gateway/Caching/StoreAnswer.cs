using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching;

/// <summary>Phase: stores the method's response as it is mapped, before it is compressed, for requests like this one (rest-api.md 8).</summary>
/// <remarks>
/// An answer that is held whole is stored at once; one that streams is recorded as it passes, and stored at its end. Storing never fails or delays a request: what finds
/// no room is not stored. Not confirmed, and chosen here (decision 0037): a 206 is not stored, nor what sets a cookie, nor a body that only the end of its connection ended.
/// </remarks>
internal static class StoreAnswer
{
    private static ReadOnlySpan<byte> IgnoredWarning => "199 Cache-control headers were ignored because the caller was unauthorized."u8;

    public static Verdict Run(RequestContext request, Verdict mapped)
    {
        if (mapped.IsFault || request.CacheUseOrNull is not { Cache: not null } use) return mapped;
        if (use.Fresh.Invalidates)
        {
            Invalidate(request, use);
            return mapped;
        }

        if (use.Key.IsWhole && !TryBegin(request, use)) use.StoreNothing(request.Exchange.Loop.Buffers, request.Now);
        Tell(request, use);
        return mapped;
    }

    /// <summary>Tells the client what the cache did, where it is to be told. Not part of what is stored.</summary>
    public static void Tell(RequestContext request, CacheUse use)
    {
        HeaderTable headers = request.Exchange.Response.Headers;
        if (use.WarnsOfIgnored) headers.Add(KnownHeader.Other, "Warning"u8, IgnoredWarning);
        Utf8Text status = use.Cache!.Settings.StatusHeader;
        if (!status.IsEmpty) headers.Add(KnownHeader.Other, status.Span, CacheOutcomes.NameOf(use.Outcome));
    }

    /// <summary>Stores an answer under the key of the look-up.</summary>
    /// <param name="request">The request.</param>
    /// <param name="head">Its head, in stored form.</param>
    /// <param name="body">Its body.</param>
    public static void Save(RequestContext request, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        PendingEntry entry = default;
        bool isReserved = false;
        try
        {
            if (!TryReserve(request, head.Length, body.Length, out entry)) return;
            isReserved = true;
            head.CopyTo(entry.Head);
            body.CopyTo(entry.Body);
            isReserved = false;
            Publish(request, entry);
        }
        catch (Exception exception)
        {
            if (isReserved) entry.Abandon();
            CacheFailures.Report(request, exception);
        }
    }

    /// <summary>Stores the answer that is held whole, for a request that has everything ready.</summary>
    public static void SaveHeld(RequestContext request)
    {
        int headLength = StoredHead.Measure(request.Exchange.Response, request.CacheUse.Notes.Length);
        if (headLength >= 0) TrySaveHeld(request, headLength, request.Settings.Cache.MaxEntry);
    }

    /// <summary>Has what is stored for the request's target found no more, after a change (RFC 9111, 4.4): with it goes what its keys led to.</summary>
    private static void Invalidate(RequestContext request, CacheUse use)
    {
        if (request.Exchange.Response.Status is < 200 or >= 400 || !use.Key.IsWhole) return;
        if (use.Store!.Remove(use.Key.Span, use.Hash)) request.Services.Metrics.Cache.Invalidated.Increment(request.Exchange.Loop.Ordinal);
    }

    private static bool TryBegin(RequestContext request, CacheUse use)
    {
        ResponseHead response = request.Exchange.Response;
        int most = request.Settings.Cache.MaxEntry;
        bool isSuitable = IsWhole(request) && (use.Fresh.Policy is { Rules: { } rules } ? StoreFresh.TryPrepare(request, use, rules) : IsSuitable(response));
        if (use.Fresh.Policy is { Rules: null, StoresVariants: true }) use.Note(new EntryNotes { Id = EntryNotes.NextId() });
        int headLength = isSuitable ? StoredHead.Measure(response, use.Notes.Length) : -1;
        if (headLength < 0)
        {
            request.Services.Metrics.Cache.Unsuitable.Increment(request.Exchange.Loop.Ordinal);
            return false;
        }

        if (request.HeldAnswer.IsWhole || response.Status == 204) return TrySaveHeld(request, headLength, most);
        if (request.Call is not { } call) return false;
        if (call.Response.Framing == BodyFraming.Length && call.Response.ContentLength > most)
        {
            request.Services.Metrics.Cache.CountTooLarge(request.Exchange.Loop.Ordinal);
            return false;
        }

        use.Recorded.Follow(request, call, headLength, most);
        return true;
    }

    /// <summary>
    /// Whether what the backend said is its whole answer, whatever a mapping made of it: no part that the client's range asked for, no word about what the client has already, and no body
    /// that only the end of its connection ended.
    /// </summary>
    private static bool IsWhole(RequestContext request) =>
        request.IntegrationStatus is not (206 or 304) && request.Call is not { Response.Framing: BodyFraming.UntilClose };

    private static bool TrySaveHeld(RequestContext request, int headLength, int most)
    {
        if (request.HeldAnswer.Length > most)
        {
            request.Services.Metrics.Cache.CountTooLarge(request.Exchange.Loop.Ordinal);
            return false;
        }

        PendingEntry entry = default;
        bool isReserved = false;
        try
        {
            if (!TryReserve(request, headLength, request.HeldAnswer.Length, out entry)) return false;
            isReserved = true;
            StoredHead.Write(request.Exchange.Response, request.CacheUse.Notes, entry.Head);
            request.HeldAnswer.Span.CopyTo(entry.Body);
            isReserved = false;
            Publish(request, entry);
        }
        catch (Exception exception)
        {
            if (isReserved) entry.Abandon();
            CacheFailures.Report(request, exception);
        }

        return false;
    }

    private static bool TryReserve(RequestContext request, int headLength, int bodyLength, out PendingEntry entry)
    {
        CacheUse use = request.CacheUse;
        if (use.Store!.TryReserve(use.Key.Span, use.Hash, headLength, bodyLength, request.Now, out entry)) return true;
        request.Services.Metrics.Cache.CountNoRoom(request.Exchange.Loop.Ordinal);
        return false;
    }

    private static void Publish(RequestContext request, in PendingEntry entry)
    {
        long now = request.Now;
        CacheMetrics metrics = request.Services.Metrics.Cache;
        if (!entry.Publish(now, now + request.CacheUse.TimeToLive))
        {
            metrics.CountNoRoom(request.Exchange.Loop.Ordinal);
            return;
        }

        metrics.Stored.Increment(request.Exchange.Loop.Ordinal);
        request.CacheUse.Fresh.EndLead(FetchOutcome.Stored, now);
    }

    /// <summary>Whether an answer is of a kind that is stored.</summary>
    public static bool IsSuitable(ResponseHead response) => response.Status is >= 200 and < 300 and not 206 && !response.Headers.Contains(KnownHeader.SetCookie);
}

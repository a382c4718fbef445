using EdgeProxy.Gateway.Accounting;
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
        if (mapped.IsFault || request.CacheUseOrNull is not { Outcome: not CacheOutcome.None } use) return mapped;
        if (use.Key.IsWhole && !TryBegin(request, use)) use.StoreNothing(request.Exchange.Loop.Buffers);
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

    private static bool TryBegin(RequestContext request, CacheUse use)
    {
        ResponseHead response = request.Exchange.Response;
        int most = request.Settings.Cache.MaxEntry;
        int headLength = StoredHead.Measure(response);
        if (headLength < 0 || !IsSuitable(response))
        {
            request.Services.Metrics.Cache.Unsuitable.Increment(request.Exchange.Loop.Ordinal);
            return false;
        }

        if (request.HeldAnswer.IsWhole || response.Status == 204) return TrySaveHeld(request, headLength, most);
        if (request.Call is not { Response.Framing: not BodyFraming.UntilClose } call) return false;
        if (call.Response.Framing == BodyFraming.Length && call.Response.ContentLength > most)
        {
            request.Services.Metrics.Cache.CountTooLarge(request.Exchange.Loop.Ordinal);
            return false;
        }

        use.Recorded.Follow(request, call, headLength, most);
        return true;
    }

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
            StoredHead.Write(request.Exchange.Response, default, entry.Head);
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
        if (entry.Publish(now, now + request.CacheUse.Cache!.Settings.TimeToLive)) metrics.Stored.Increment(request.Exchange.Loop.Ordinal);
        else metrics.CountNoRoom(request.Exchange.Loop.Ordinal);
    }

    /// <summary>Whether an answer is of a kind that is stored.</summary>
    public static bool IsSuitable(ResponseHead response) => response.Status is >= 200 and < 300 and not 206 && !response.Headers.Contains(KnownHeader.SetCookie);
}

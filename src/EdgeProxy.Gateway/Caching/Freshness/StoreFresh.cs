using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Judges an answer that is to be stored, and says under which key and how long (RFC 9111, 3).</summary>
internal static class StoreFresh
{
    /// <summary>Makes everything ready to store the response as it is mapped; false when it is not to be.</summary>
    /// <param name="request">The request; its use has the key of the target.</param>
    /// <param name="use">The same.</param>
    /// <param name="rules">The route's.</param>
    public static bool TryPrepare(RequestContext request, CacheUse use, FreshnessRules rules)
    {
        try
        {
            if (Judge(request, use, rules, out AnswerFacts facts, out AnswerLife life) != StoreRefusal.None) return false;
            if (facts.Varies && !TryVary(request, use, life)) return false;
            use.TimeToLive = life.UsefulUntil - request.Now;
            use.Note(new EntryNotes { Id = EntryNotes.NextId(), Life = life });
            return use.TimeToLive > 0;
        }
        catch (Exception exception)
        {
            CacheFailures.Report(request, exception);
            return false;
        }
    }

    /// <summary>Judges the response as it is mapped.</summary>
    public static StoreRefusal Judge(RequestContext request, CacheUse use, FreshnessRules rules, out AnswerFacts facts, out AnswerLife life)
    {
        ResponseHead response = request.Exchange.Response;
        long receivedAt = request.IntegrationEndedAt == 0 ? request.Now : request.IntegrationEndedAt;
        long receivedSeconds = request.Services.UnixMilliseconds(receivedAt) / 1000;
        facts = AnswerFacts.Of(response.Headers, receivedSeconds);

        // A backend's Date is renamed on its way to the client.
        if (request.Call is { Response.Headers: { } told })
        {
            int date = told.IndexOf(KnownHeader.Date);
            if (date >= 0 && HttpDate.TryParse(told.Value(date), receivedSeconds, out long seconds)) facts.Date = seconds;
        }

        life = AnswerLife.Of(facts, response.Status, rules, request.IntegrationStartedAt == 0 ? receivedAt : request.IntegrationStartedAt, receivedAt, receivedSeconds);
        StoreRefusal refusal = StoreAnswerRules.Judge(response.Status, facts, life, use.Fresh.Request, request.Exchange.Request.Headers.Contains(KnownHeader.Authorization));
        if (refusal == StoreRefusal.None && IsTargetMapped(request)) return StoreRefusal.Mapped;
        if (refusal != StoreRefusal.None || !facts.Varies) return refusal;
        return VaryNames.TryCollect(response.Headers, default, stackalloc byte[VaryMarker.MostNames], out _) ? StoreRefusal.None : StoreRefusal.Varies;
    }

    /// <summary>Makes the target's key that of the answer: by the fields that it, or an answer before it, varies by.</summary>
    private static bool TryVary(RequestContext request, CacheUse use, in AnswerLife life)
    {
        CacheStore store = use.Store!;
        Span<byte> names = stackalloc byte[VaryMarker.MostNames];
        long generation = 0;
        long markerUntil = 0;
        int known = 0;
        int length;
        bool isCollected;
        if (store.TryFind(use.Key.Span, use.Hash, request.Now, out CachedEntry marker))
        {
            ReadOnlySpan<byte> before = default;
            if ((new StoredHead(marker.Head).Flags & StoredFlags.IsVaryMarker) != 0)
            {
                generation = VaryMarker.GenerationOf(marker.Head);
                markerUntil = marker.ExpiresAt;
                before = VaryMarker.NamesOf(marker.Head);
                known = before.Length;
            }

            isCollected = VaryNames.TryCollect(request.Exchange.Response.Headers, before, names, out length);
            marker.Release();
        }
        else
        {
            isCollected = VaryNames.TryCollect(request.Exchange.Response.Headers, default, names, out length);
        }

        if (!isCollected || IsMapped(request, names[..length])) return false;
        if (length == 0) return true; // Vary without a name
        if (generation == 0 || length != known || markerUntil < life.UsefulUntil)
        {
            // What was stored by fewer names stays where it is, and is found no more.
            if (length != known) generation = EntryNotes.NextId();
            if (!store.TryReserve(use.Key.Span, use.Hash, VaryMarker.LengthOf(names[..length]), 0, request.Now, out PendingEntry pending)) return false;
            VaryMarker.Write(generation, names[..length], pending.Head);
            if (!pending.Publish(request.Now, Math.Max(markerUntil, life.UsefulUntil))) return false;
        }

        var key = new ByteWriter(request.Services.TargetScratch.AsSpan(0, Math.Min(LoopServices.ScratchSize, request.Settings.Cache.MaxKey)));
        key.Write(use.Key.Span);
        if (!VaryMarker.TryExtend(generation, names[..length], request.Exchange.Request.Headers, ref key))
        {
            request.Services.Metrics.Cache.KeysTooLong.Increment(request.Exchange.Loop.Ordinal);
            return false;
        }

        use.Hash = store.HashOf(key.Written);
        use.Key.Copy(key.Written, request.Exchange.Loop.Buffers);
        return true;
    }

    /// <summary>
    /// Whether something of the request that is in no key is part of the target that the backend was asked for: no answer would say that it varies by it, as for the backend that is
    /// another resource.
    /// </summary>
    private static bool IsTargetMapped(RequestContext request)
    {
        if (request.Route!.Integration is not HttpIntegrationPlan plan) return false;
        foreach (ParameterMapping mapping in plan.RequestParameters)
        {
            if (mapping.Target == MappingTarget.Header) continue;
            if (mapping.Source.Kind is ValueSourceKind.Literal or ValueSourceKind.PathParameter or ValueSourceKind.QueryString or ValueSourceKind.MultiValueQueryString or ValueSourceKind.StageVariable) continue;
            if (!IsInKey(request.Route.CacheKey!, mapping.Source)) return true;
        }

        return false;
    }

    private static bool IsInKey(CacheKeyPlan key, ValueSource source)
    {
        foreach (CacheKeyPart part in key.Parts)
        {
            bool isSame = source.Kind == ValueSourceKind.Context ? part.Source.Kind == ValueSourceKind.Context && part.Source.Variable == source.Variable && part.Source.Name.Span.SequenceEqual(source.Name.Span)
                : source.Kind is ValueSourceKind.Header or ValueSourceKind.MultiValueHeader && part.Source.Kind is ValueSourceKind.Header or ValueSourceKind.MultiValueHeader
                    && Ascii.EqualsIgnoreCase(part.Source.Name.Span, source.Name.Span);
            if (isSame) return true;
        }

        return false;
    }

    /// <summary>Whether the backend saw one of the fields with another value than the client's: then nobody can tell by the request which answer is whose.</summary>
    private static bool IsMapped(RequestContext request, ReadOnlySpan<byte> names)
    {
        if (request.OverridesOrNull is { Count: > 0 }) return true;

        // Said by the gateway, whatever the client said.
        if (VaryNames.Contains(names, "x-forwarded-for"u8) || VaryNames.Contains(names, "x-forwarded-port"u8) || VaryNames.Contains(names, "x-amzn-trace-id"u8)) return true;
        if (request.Route!.Integration is not HttpIntegrationPlan plan) return false;
        foreach (ParameterMapping mapping in plan.RequestParameters)
        {
            if (mapping.Target == MappingTarget.Header && VaryNames.Contains(names, mapping.Name.Span)) return true;
        }

        return false;
    }
}

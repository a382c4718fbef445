using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells by which key a request's answer would be looked for and stored. A rehearsal does neither.</summary>
internal static class TellCache
{
    public static void LookedUp(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        if (request.Deployment!.CacheOrNull(request.Route!.Ordinal) is not { } cache)
        {
            told.Add("why", request.IsCanary && request.Stage!.Main.Caches && !request.Deployment.Caches
                ? "the canary passes the cache by: it has no useStageCache, or the method is not cached"
                : "answers of this method are not cached");
            return;
        }

        if (cache.Policy is { Rules: { } rules })
        {
            TellFreshness.LookedUp(request, cache, rules, told);
            return;
        }

        if (cache.Policy is { Coalesces: true }) told.Add("coalesce", "one request fetches what is not there, the others wait for it");
        if (!LookUpCache.MayUse(request))
        {
            told.Add("why", "HEAD and gRPC pass the cache by");
            return;
        }

        told.Add("why", "looked up under this key; an explanation neither looks nor stores");
        told.Add("ttl", $"{ExplanationNotes.Number(cache.Settings.TimeToLive / 1_000_000_000)} s");
        told.Add("namespace", cache.Key.Namespace.IsEmpty ? $"the resource's own: {request.Route.ResourcePath}" : cache.Key.Namespace.ToString());
        if (LookUpCache.AsksToRefresh(request.Exchange.Request.Headers)) told.Add("maxAge0", Refreshed(cache.Settings));
        if (cache.Key.Parts.Length == 0)
        {
            told.Add("key", "the method alone: all its requests share one entry");
            return;
        }

        var table = new ExplainedTable("key", ["parameter", "value"]);
        foreach (CacheKeyPart part in cache.Key.Parts) notes.Add(table, part.Name, ValueOf(part, request, notes));
        told.Add(table);
    }

    public static void Stored(RequestContext request, ExplainedPhase told)
    {
        if (request.Deployment!.CacheOrNull(request.Route!.Ordinal) is { Policy.Rules: { } rules })
        {
            TellFreshness.Stored(request, rules, told);
            return;
        }

        if (request.Deployment!.CacheOrNull(request.Route!.Ordinal) is null || !LookUpCache.MayUse(request))
        {
            told.Add("stored", "no");
            return;
        }

        told.Add("stored", StoreAnswer.IsSuitable(request.Exchange.Response)
            ? "it would be, if it is not too large; an explanation stores nothing"
            : "no: only 2xx is, but for 206, and nothing that sets a cookie");
    }

    private static string Refreshed(RouteCacheSettings settings) => !settings.RequiresAuthorization
        ? "the client has what is stored replaced"
        : settings.Unauthorized switch
        {
            UnauthorizedCacheControl.Refuse => "403: the caller may not invalidate",
            UnauthorizedCacheControl.Ignore => "ignored: the caller may not invalidate",
            _ => "ignored with a warning: the caller may not invalidate",
        };

    private static string ValueOf(CacheKeyPart part, RequestContext request, ExplanationNotes notes)
    {
        string name = part.Source.Name.ToString();
        if (part.Source.Kind is ValueSourceKind.Header or ValueSourceKind.MultiValueHeader)
        {
            HeaderTable headers = request.Exchange.Request.Headers;
            for (int i = headers.Count - 1; i >= 0; i--)
            {
                if (Ascii.EqualsIgnoreCase(headers.Name(i), part.Source.Name.Span)) return notes.Field(name, headers.Value(i));
            }

            return "";
        }

        var writer = new ByteWriter(new byte[LoopServices.ScratchSize]);
        ValueReader.Write(part.Source, request, ref writer);
        return notes.Parameter(name, writer.Written);
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Integrations;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Gateway.Validation;

namespace EdgeProxy.Gateway;

/// <summary>
/// One request's walk through a REST API. Read this file first: a phase may rely on everything above it and on nothing below it.
/// (Before it, for every kind of API, <see cref="GatewayHandler"/> has checked the target and selected the host.)
/// </summary>
/// <remarks>
/// <code>
///   CheckTarget, SelectHost --> SelectRoute --> CheckApiKey --> Throttle --> ValidateParameters --\
///        /---------------------------------------------------------------------------------------/
///        \--> ReceiveBody --> DecodeBody --> ValidateBody --> LookUpCache --\--> TakeSlot --> MapRequest --> Integrate --\
///                                                                  a hit --|                                          |
///        /-----------------------------------------------------------------|------------------------------------------/
///        \--> ReceiveAnswer --> MapResponse --> ValidateResponse --> StoreAnswer --> EncodeAnswer --\
///                 a fault anywhere ends the way ---------------------------------------------------> Respond --> Account
/// </code>
/// The order is that of rest-api.md 2. Two phases are there only for what <c>x-edgeproxy-cache</c> asks for: AwaitFetch behind LookUpCache, which may wait for another request's answer,
/// and Revalidate behind Integrate, which decides what becomes of an expired answer that is held.
/// </remarks>
internal static class RestWalk
{
    public static async LoopTask RunAsync(RequestContext request, Verdict admitted)
    {
        try
        {
            Verdict verdict = admitted.Ends ? admitted : Admit(request);
            if (!verdict.Ends) verdict = await ServeAsync(request);

            await Respond.RunAsync(request, verdict); // the only way out, for answers and faults alike
            request.Observe(WalkPhase.Respond, verdict);
            Account.Run(request);
        }
        finally
        {
            request.End();
        }
    }

    private static Verdict Admit(RequestContext request)
    {
        if (request.Observe(WalkPhase.SelectRoute, SelectRoute.Run(request)) is { Ends: true } unknownRoute) return unknownRoute;
        if (request.Observe(WalkPhase.CheckApiKey, CheckApiKey.Run(request)) is { Ends: true } unknownKey) return unknownKey;
        if (request.Observe(WalkPhase.Throttle, Throttle.Run(request)) is { Ends: true } throttled) return throttled;
        return request.Observe(WalkPhase.ValidateParameters, ValidateParameters.Run(request));
    }

    /// <summary>Takes the walk of a request without a client, up to the answer, which is stored where it is to be.</summary>
    internal static LoopTask<Verdict> FetchAsync(RequestContext refresh) => ServeAsync(refresh);

    private static async LoopTask<Verdict> ServeAsync(RequestContext request)
    {
        if (request.Observe(WalkPhase.ReceiveBody, await ReceiveBody.RunAsync(request)) is { Ends: true } unreceived) return unreceived;
        if (request.Observe(WalkPhase.DecodeBody, await DecodeBody.RunAsync(request)) is { Ends: true } undecoded) return undecoded;
        if (request.Observe(WalkPhase.ValidateBody, ValidateBody.Run(request)) is { Ends: true } invalid) return invalid;
        Verdict found = request.Observe(WalkPhase.LookUpCache, LookUpCache.Run(request));
        if (!found.Ends && request.CacheUseOrNull is { Fresh.MayWait: true } absent)
        {
            request.Body.Keep(request.Exchange.Loop.Buffers);
            found = request.Observe(WalkPhase.AwaitFetch, await AwaitFetch.RunAsync(request, absent));
        }

        if (found.IsFault) return found;
        if (found.Ends) return request.Observe(WalkPhase.EncodeAnswer, await EncodeAnswer.RunAsync(request, found));
        if (request.Observe(WalkPhase.TakeSlot, await TakeSlot.RunAsync(request)) is { Ends: true } busy) return busy;
        if (request.Observe(WalkPhase.MapRequest, MapRequest.Run(request)) is { Ends: true } unmapped) return unmapped;
        Verdict integrated = request.Observe(WalkPhase.Integrate, await Integrate.RunAsync(request));
        if (request.CacheUseOrNull is { HasEntry: true } expired) integrated = request.Observe(WalkPhase.Revalidate, Revalidate.Run(request, expired, integrated));
        if (integrated.IsFault) return integrated;
        if (integrated.Ends) return request.Observe(WalkPhase.EncodeAnswer, await EncodeAnswer.RunAsync(request, integrated));
        if (request.Observe(WalkPhase.ReceiveAnswer, await ReceiveAnswer.RunAsync(request)) is { Ends: true } cut) return cut;
        Verdict mapped = request.Observe(WalkPhase.MapResponse, MapResponse.Run(request));
        Verdict validated = request.Observe(WalkPhase.ValidateResponse, ValidateResponse.Run(request, mapped));
        Verdict stored = request.Observe(WalkPhase.StoreAnswer, StoreAnswer.Run(request, validated));
        return request.Observe(WalkPhase.EncodeAnswer, await EncodeAnswer.RunAsync(request, stored));
    }
}

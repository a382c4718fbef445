using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Phase: makes the integration's request out of the client's (rest-api.md 4.2, 5.2 to 5.4).</summary>
internal static class MapRequest
{
    public static Verdict Run(RequestContext request)
    {
        switch (request.Route!.Integration)
        {
            case HttpProxyPlan httpProxy:
                return MapHttp(request, httpProxy);
            case HttpPlan http:
                return Render(request, http) is { Ends: true } unrendered ? unrendered : MapHttp(request, http);
            case LambdaProxyPlan proxy:
                request.Body.Keep(request.Exchange.Loop.Buffers);
                return MapEvent.Run(request, proxy);
            case LambdaPlan lambda:
                request.Body.Keep(request.Exchange.Loop.Buffers);
                return Render(request, lambda) is { Ends: true } unmade ? unmade : MapLambda.Run(request, lambda);
            case MockPlan mock:
                if (Render(request, mock) is { Ends: true } failed) return failed;
                RenderTemplate.TakeForRequest(request);
                return Verdict.Continue;
            default:
                return Verdict.Of(FaultKind.ClosedConfiguration);
        }
    }

    private static Verdict Render(RequestContext request, IntegrationPlan plan)
    {
        if (RenderTemplate.ChooseForRequest(request, plan.RequestTemplates) is { Ends: true } refused) return refused;
        return ConvertBody.RunForRequest(request, plan) is { Ends: true } unconverted ? unconverted : RenderTemplate.RunForRequest(request);
    }

    private static Verdict MapHttp(RequestContext request, HttpIntegrationPlan plan)
    {
        BoundUri uri = request.Deployment!.UriOrNull(request.Route!.Ordinal)!;
        if (uri.Problem is not null) return Verdict.Of(FaultKind.InvalidEndpoint);
        if (plan.MapsBody && BodyValues.Check(request, request.Body, FaultKind.RequestNotJson) is { Ends: true } unreadable) return unreadable;

        RequestHead client = request.Exchange.Request;
        UpstreamCall call = request.Services.Upstreams.Rent(uri.Upstream!);
        request.Call = call;
        request.Exchange.Pending = call;
        bool isProxy = plan is HttpProxyPlan;

        // The client's head is copied as one block and its surviving fields are recorded by their offsets in it.
        if (isProxy) call.Headers.TakeBlock(client.Headers.Block.AsSpan(0, client.Headers.BlockLength));
        bool isAny = plan.KnownMethod == HttpMethod.Other;
        call.Method = isAny ? client.Method : plan.KnownMethod;
        ReadOnlySpan<byte> method = isAny ? client.MethodText : plan.Method.Span;
        call.MethodLength = method.Length;
        call.MethodStart = call.Headers.Append(method);

        if (RequestHeaders.Map(request, plan, call.Headers, out int mapped) is { Ends: true } forbidden) return forbidden;
        if (isProxy) RequestHeaders.CopyClients(request, call.Headers, mapped);
        RequestHeaders.AddOwn(request, plan, uri, call.Headers, isProxy);
        if (request.CacheUseOrNull is { Fresh.Revalidates: true } use) Revalidate.Ask(use, call.Headers);
        if (UriRendering.Render(request, plan, uri, call, isProxy) is { Ends: true } unsafeTarget) return unsafeTarget;
        FrameBody(request, call, mayBorrow: uri.Group is null && call.CopiesBody);
        call.ResponseBodyLimit = request.IsGrpc || plan.StreamsAnswer ? -1 : request.Settings.ResponseBodyLimit; // of gRPC it is each message's
        call.Trailers = plan.Upstream.Trailers;
        call.WantsTrailers = request.Exchange.TakesTrailers;
        call.EndsConnection = request.Exchange.Request.Tier == DesyncTier.Ambiguous;
        return Verdict.Continue;
    }

    private static void FrameBody(RequestContext request, UpstreamCall call, bool mayBorrow)
    {
        Exchange exchange = request.Exchange;
        call.Body = null;
        call.ContentLength = 0;
        call.Framing = BodyFraming.None;

        // 5.1: for these the integration request has no body.
        if (call.Method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Options) return;
        RenderTemplate.TakeForRequest(request, mayBorrow);
        if (!mayBorrow) request.Body.Keep(exchange.Loop.Buffers);

        if (request.Body.IsWhole)
        {
            call.Framing = BodyFraming.Length;
            call.ContentLength = request.Body.Length;
            if (request.Body.Length > 0) call.Body = request.Body;
            return;
        }

        // A request that could have a body says that it has none (RFC 9110, 8.6).
        call.Framing = exchange.Request.Framing == BodyFraming.Chunked ? BodyFraming.Chunked : BodyFraming.Length;
        call.ContentLength = Math.Max(0, exchange.Request.ContentLength);
        if (exchange.Request.Framing == BodyFraming.None || (call.Framing == BodyFraming.Length && call.ContentLength == 0)) return;
        call.Body = request.Body.Length > 0 ? request.Body : request.IsGrpc ? request.FollowGrpcBody(exchange.BodyLimit) : exchange;
    }
}

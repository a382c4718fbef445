using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Grpc;

/// <summary>Passes a backend's answer on to a gRPC client: its head at once, each message as it comes, its trailers at the end.</summary>
/// <remarks>Nothing is held, because a message may be all that the client waits for. What fails behind the head ends the call with trailers of ours.</remarks>
internal static class RespondGrpc
{
    public static LoopTask RunAsync(RequestContext request, UpstreamCall call)
    {
        request.Exchange.StartResponse(BodyFraming.Chunked, -1);
        return PumpAsync(request, call);
    }

    private static async LoopTask PumpAsync(RequestContext request, UpstreamCall call)
    {
        Exchange exchange = request.Exchange;
        var messages = default(GrpcMessages);

        // A head that is all there is goes with the end; else it must not wait for the first message.
        if (call.Response.Framing != BodyFraming.None && await exchange.WriteAsync(BodyChunk.Empty) != IoStatus.Ok)
        {
            Respond.LoseClient(request);
            return;
        }

        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            if (read.Failed)
            {
                await FailAsync(request, call, read.Status);
                return;
            }

            if (!messages.TryTake(read.Chunk.Span, request.Settings.ResponseBodyLimit))
            {
                await FailAsync(request, call, BodyStatus.TooLarge);
                return;
            }

            bool isLast = read.Status == BodyStatus.End;
            if (isLast) Respond.TakeTrailers(exchange, call);
            long began = exchange.Loop.Now;
            IoStatus sent = await (isLast ? exchange.EndAsync(read.Chunk) : exchange.WriteAsync(read.Chunk));
            call.Postpone(exchange.Loop.Now - began);
            if (sent != IoStatus.Ok)
            {
                Respond.LoseClient(request);
                return;
            }

            if (isLast) return;
        }
    }

    private static async LoopTask FailAsync(RequestContext request, UpstreamCall call, BodyStatus status)
    {
        Exchange exchange = request.Exchange;
        FaultKind kind = CallHttp.FaultOf(status);
        if (request.IsGrpcMessageTooLarge) kind = FaultKind.BodyTooLarge; // which is why the backend's answer was given up
        else if (status == BodyStatus.Aborted || exchange.Aborted != AbortReason.None) kind = FaultKind.ClientGone; // whoever aborts a call under way does so because its client is gone
        request.Fault = kind;
        call.Abort();
        if (kind == FaultKind.ClientGone)
        {
            exchange.Abort(AbortReason.ClientGone);
            return;
        }

        exchange.ResponseTrailers.Clear();
        GrpcStatus.Add(exchange.ResponseTrailers, kind, Faults.Of(kind));
        if (await exchange.EndAsync() != IoStatus.Ok) Respond.LoseClient(request);
    }
}

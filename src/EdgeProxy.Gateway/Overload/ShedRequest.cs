using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Grpc;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Overload;

/// <summary>Answers a request that a saturated loop has no time for, at the smallest cost: before anything is known of it, without a walk, ids, or a line in the access log.</summary>
/// <remarks>The connection is kept: to open another one would cost both sides more than the answer did.</remarks>
internal static class ShedRequest
{
    public static LoopTask RunAsync(Exchange exchange, GatewayMetrics metrics)
    {
        Fault fault = Faults.Of(FaultKind.Overloaded);
        metrics.Shed.Increment(exchange.Loop.Ordinal);
        ResponseHead head = exchange.Response;
        bool isGrpc = GrpcCalls.Is(exchange.Request);
        if (isGrpc)
        {
            head.Status = 200;
            head.Headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/grpc"u8);
            GrpcStatus.Add(head.Headers, FaultKind.Overloaded, fault);
        }
        else
        {
            head.Status = fault.Status;
            head.Headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
            head.Headers.Add(KnownHeader.Other, "Retry-After"u8, fault.RetryAfter);
        }

        bool hasBody = !isGrpc && exchange.Request.Method != HttpMethod.Head;
        exchange.StartResponse(isGrpc ? BodyFraming.Chunked : BodyFraming.Length, isGrpc ? -1 : fault.Body.Length);
        LoopTask<IoStatus> sent = hasBody ? exchange.EndAsync(new BodyChunk(fault.Body, 0, fault.Body.Length)) : exchange.EndAsync();
        if (!sent.IsCompleted) return FinishAsync(exchange, sent);
        if (sent.GetAwaiter().GetResult() != IoStatus.Ok) exchange.Abort(AbortReason.ClientGone);
        return LoopTask.Completed;
    }

    private static async LoopTask FinishAsync(Exchange exchange, LoopTask<IoStatus> sent)
    {
        if (await sent != IoStatus.Ok) exchange.Abort(AbortReason.ClientGone);
    }
}

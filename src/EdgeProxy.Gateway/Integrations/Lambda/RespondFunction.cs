using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Sends a function's streamed result on as it comes (rest-api.md 5.13). Once it has begun, a failure can only cut the connection.</summary>
internal static class RespondFunction
{
    private const int Delimiter = 8;

    public static async LoopTask RunAsync(RequestContext request, FunctionCall call)
    {
        Exchange exchange = request.Exchange;
        bool hasBody = exchange.Request.Method != HttpMethod.Head && exchange.Response.Status is not (204 or 304);
        exchange.StartResponse(exchange.Response.Status is 204 or 304 ? BodyFraming.None : BodyFraming.Chunked, -1);
        if (!hasBody)
        {
            if (await exchange.EndAsync() != IoStatus.Ok) Respond.LoseClient(request);
            return;
        }

        AnswerPause pause = request.AnswerPause;

        // What came along with the metadata; without any, the head alone.
        int start = request.PreludeLength + Delimiter;
        var first = new BodyChunk(request.HeldAnswer.Chunk.Buffer, start, request.HeldAnswer.Length - start);
        BodyRead read = new(request.IsAnswerReceived ? BodyStatus.End : BodyStatus.Data, first);
        while (true)
        {
            if (read.Failed)
            {
                // Whoever aborts a call under way does so because its client is gone.
                request.Fault = read.Status == BodyStatus.Aborted ? FaultKind.ClientGone : CallLambda.FaultOf(read.Status);
                exchange.Abort(AbortReason.UpstreamFailed);
                return;
            }

            bool isLast = read.Status == BodyStatus.End;
            IoStatus sent = await (isLast ? exchange.EndAsync(read.Chunk) : exchange.WriteAsync(read.Chunk));
            if (sent != IoStatus.Ok)
            {
                Respond.LoseClient(request);
                return;
            }

            if (isLast) return;
            pause.Begin(call, exchange.Loop.Timers, request.Now + request.Settings.AnswerIdleTimeout);
            read = await call.ReadBodyAsync();
            if (pause.IsOver && read.Failed) read = BodyRead.Of(BodyStatus.TimedOut);
            pause.End(exchange.Loop.Timers);
        }
    }
}

using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Invokes a function with the event that stands in <see cref="RequestContext.Body"/>, and holds its result (rest-api.md 5.8, 5.13; lambda.md 7, 11, 14).</summary>
internal static class CallLambda
{
    /// <summary>Bytes of a streamed result within which its metadata has to end (5.13).</summary>
    public const int LongestPrelude = 16 * 1024;

    public static async LoopTask<Verdict> RunAsync(RequestContext request)
    {
        var plan = (LambdaIntegrationPlan)request.Route!.Integration;
        if (!plan.IsPost || request.Deployment!.FunctionOrNull(request.Route.Ordinal)!.FunctionOrNull(request) is not { } function) return Verdict.Of(FaultKind.InvalidEndpoint);

        // Lambda refuses such an event with a 400 of its own; nobody need be called for that (5.7).
        if (plan is LambdaPlan && !MapLambda.IsJson(request.Body.Span, request.Services.Lambda.Tape, out int faultAt)) return AnswerNotJson(request, faultAt);

        FunctionCall? call = request.Services.Functions.RentOrNull(function);
        if (call is null) return Fail(request, FaultKind.FunctionNotFound);
        request.Function = call;
        request.Exchange.Pending = call;
        call.Event = request.Body.Chunk;
        call.Type = request.InvocationType;
        call.Streams = plan.StreamsAnswer;
        call.Deadline = request.Now + plan.TimeoutNanoseconds;
        call.Trace = request.TraceMemory;
        call.ClientContext = request.ClientContext.Memory;
        FunctionOutcome outcome = await call.InvokeAsync();
        request.FunctionOutcome = outcome;
        request.IntegrationStatus = call.Status;
        if (FaultOf(outcome, plan) is not FaultKind.None and var fault) return Fail(request, fault);

        fault = plan.StreamsAnswer ? await HoldPreludeAsync(request, call) : await HoldAsync(request, call);
        request.IntegrationEndedAt = request.Now;
        return fault == FaultKind.None ? Verdict.Continue : Verdict.Of(fault);
    }

    /// <summary>Where the metadata of a streamed result end, which eight NUL bytes say; -1 when that is not here yet.</summary>
    /// <param name="bytes">The result as far as it was received.</param>
    /// <param name="searched">How much of it was looked through before.</param>
    public static int EndOfPrelude(ReadOnlySpan<byte> bytes, int searched)
    {
        ReadOnlySpan<byte> delimiter = "\0\0\0\0\0\0\0\0"u8;
        int start = Math.Max(0, searched - delimiter.Length + 1);
        int end = bytes[start..].IndexOf(delimiter);
        return end < 0 ? -1 : start + end;
    }

    private static Verdict AnswerNotJson(RequestContext request, int faultAt)
    {
        Span<byte> text = stackalloc byte[160];
        var writer = new ByteWriter(text);
        writer.Write("{\"Type\":\"User\",\"message\":\"Could not parse request body into json: Unexpected character or end of input at byte "u8);
        writer.Write(faultAt);
        writer.Write("\"}"u8);
        request.HeldAnswer.Copy(writer.Written, request.Exchange.Loop.Buffers);
        request.IntegrationStatus = 400;
        request.IntegrationEndedAt = request.Now;
        return Verdict.Continue;
    }

    private static Verdict Fail(RequestContext request, FaultKind fault)
    {
        request.IntegrationEndedAt = request.Now;
        return Verdict.Of(fault);
    }

    private static async LoopTask<FaultKind> HoldAsync(RequestContext request, FunctionCall call)
    {
        HeldBody result = request.HeldAnswer;
        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            if (read.Failed) return FaultOf(read.Status);
            if (read.Chunk.Length > request.Settings.FunctionPayloadLimit - result.Length) return FaultKind.FunctionResultTooLarge;
            result.Append(read.Chunk.Span, request.Exchange.Loop.Buffers);
            if (read.Status != BodyStatus.End) continue;
            result.Complete();
            return FaultKind.None;
        }
    }

    /// <summary>Reads on until the metadata are whole; what of the body came along with them stays behind them.</summary>
    private static async LoopTask<FaultKind> HoldPreludeAsync(RequestContext request, FunctionCall call)
    {
        HeldBody result = request.HeldAnswer;
        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            if (read.Failed) return FaultOf(read.Status);
            int searched = result.Length;
            result.Append(read.Chunk.Span, request.Exchange.Loop.Buffers);
            int end = EndOfPrelude(result.Span, searched);
            if (end >= 0)
            {
                if (end + 8 > LongestPrelude) return FaultKind.FunctionResultMalformed;
                request.PreludeLength = end;
                request.IsAnswerReceived = read.Status == BodyStatus.End;
                return FaultKind.None;
            }

            if (read.Status == BodyStatus.End || result.Length >= LongestPrelude) return FaultKind.FunctionResultMalformed;
        }
    }

    /// <summary>What a failed read of a result means.</summary>
    public static FaultKind FaultOf(BodyStatus status) => status switch
    {
        BodyStatus.TimedOut => FaultKind.UpstreamTimedOut,
        BodyStatus.TooLarge => FaultKind.FunctionResultTooLarge,
        BodyStatus.Aborted => FaultKind.Aborted,
        BodyStatus.Violation => FaultKind.FunctionServiceFailed,
        _ => FaultKind.FunctionFailed,
    };

    private static FaultKind FaultOf(FunctionOutcome outcome, LambdaIntegrationPlan plan) => outcome switch
    {
        FunctionOutcome.Ok => FaultKind.None,

        // What a function or Lambda itself answers is chosen by, where there is something to choose (5.7, 5.9).
        FunctionOutcome.FunctionError or FunctionOutcome.BadEvent when plan is LambdaPlan => FaultKind.None,
        FunctionOutcome.FunctionError => FaultKind.FunctionFailed,
        FunctionOutcome.NotFound => FaultKind.FunctionNotFound,
        FunctionOutcome.AccessDenied => FaultKind.FunctionAccessDenied,
        FunctionOutcome.Throttled => FaultKind.FunctionThrottled,
        FunctionOutcome.EventTooLarge => FaultKind.FunctionEventTooLarge,
        FunctionOutcome.ConnectFailed or FunctionOutcome.TlsFailed => FaultKind.FunctionUnreachable,
        FunctionOutcome.TimedOut => FaultKind.UpstreamTimedOut,
        FunctionOutcome.Aborted => FaultKind.Aborted,
        _ => FaultKind.FunctionServiceFailed,
    };
}

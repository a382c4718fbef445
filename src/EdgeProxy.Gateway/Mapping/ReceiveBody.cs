using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Phase: holds as much of the request's body as the route's later phases need, and refuses one that is declared too large before anybody is called.</summary>
internal static class ReceiveBody
{
    public static LoopTask<Verdict> RunAsync(RequestContext request)
    {
        Exchange exchange = request.Exchange;
        if (exchange.BodyLimit >= 0 && exchange.Request.ContentLength > exchange.BodyLimit) return RefuseAsync(exchange);

        request.BodyModel = ValidateBody.ModelOrNull(request);
        if (DecodeBody.Announce(request) is { Ends: true } undecodable) return undecodable;
        BodyNeed need = request.BodyModel is null && request.Codings.IsEmpty && !ConvertBody.AwaitsRequest(request) ? request.Route!.RequestBody : BodyNeed.Whole;
        if (need.IsNone) return Verdict.Continue;
        if (exchange.Request.Framing == BodyFraming.None || exchange.Request.ContentLength == 0)
        {
            request.Body.Complete();
            return Verdict.Continue;
        }

        // A body that streams may be longer than one that is held.
        return need.PrefixLength > request.Settings.HeldBodyLimit && exchange.Request.ContentLength > request.Settings.HeldBodyLimit
            ? RefuseHeld(request, FaultKind.BodyTooLarge)
            : ReceiveAsync(request, need.PrefixLength);
    }

    /// <summary>Counts a body that would have to be held and is too long for it.</summary>
    public static Verdict RefuseHeld(RequestContext request, FaultKind fault)
    {
        if (!request.Services.IsRehearsal) request.Services.Metrics.LimitHits("limits.heldBody").Increment(request.Exchange.Loop.Ordinal);
        return Verdict.Of(fault);
    }

    /// <summary>What a failed read of the client's body means.</summary>
    public static FaultKind FaultOf(BodyStatus status) => status switch
    {
        BodyStatus.Truncated => FaultKind.ClientGone,
        BodyStatus.TimedOut => FaultKind.BodyTimedOut,
        BodyStatus.TooLarge => FaultKind.BodyTooLarge,
        BodyStatus.Violation => FaultKind.BodyMalformed,
        _ => FaultKind.Aborted,
    };

    /// <summary>Has the exchange itself refuse the declared length, which it does before a byte is read and counts as a limit met.</summary>
    private static async LoopTask<Verdict> RefuseAsync(Exchange exchange)
    {
        BodyRead read = await exchange.ReadBodyAsync();
        return Verdict.Of(FaultOf(read.Status));
    }

    private static LoopTask<Verdict> ReceiveAsync(RequestContext request, int wanted)
    {
        // A small body came with its head: then nothing waits.
        LoopTask<BodyRead> reading = request.Exchange.ReadBodyAsync();
        if (!reading.IsCompleted) return ReceiveSlowAsync(request, wanted, reading);
        return IsReceived(request, wanted, reading.GetAwaiter().GetResult(), out Verdict verdict) ? verdict : ReceiveSlowAsync(request, wanted, request.Exchange.ReadBodyAsync());
    }

    private static async LoopTask<Verdict> ReceiveSlowAsync(RequestContext request, int wanted, LoopTask<BodyRead> reading)
    {
        while (true)
        {
            if (IsReceived(request, wanted, await reading, out Verdict verdict)) return verdict;
            reading = request.Exchange.ReadBodyAsync();
        }
    }

    /// <summary>Takes what was read; true when that is all that is wanted, or the request fails.</summary>
    private static bool IsReceived(RequestContext request, int wanted, in BodyRead read, out Verdict verdict)
    {
        verdict = Verdict.Continue;
        if (read.Failed)
        {
            verdict = Verdict.Of(FaultOf(read.Status));
            return true;
        }

        if (wanted > request.Settings.HeldBodyLimit && read.Chunk.Length > request.Settings.HeldBodyLimit - request.Body.Length)
        {
            verdict = RefuseHeld(request, FaultKind.BodyTooLarge);
            return true;
        }

        // All in one run stays where it was received, for as long as the request does not wait; who watches may look at any time.
        bool isAll = read.Status == BodyStatus.End && request.Body.Length == 0 && request.Codings.IsEmpty && request.Observer is null;
        if (isAll) request.Body.Borrow(new ArraySegment<byte>(read.Chunk.Buffer, read.Chunk.Start, read.Chunk.Length), request.Exchange.Loop.Buffers);
        else request.Body.Append(read.Chunk.Span, request.Exchange.Loop.Buffers);
        if (DecodeBody.IsTooLong(request))
        {
            verdict = DecodeBody.Refuse(request, DecodingRefusal.Size);
            return true;
        }

        if (read.Status == BodyStatus.End) request.Body.Complete();
        else if (request.Body.Length < wanted) return false;
        else request.Body.ContinueFrom(request.Exchange);
        return true;
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Grpc;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Integrations.Http;

/// <summary>Calls an HTTP backend and waits for the head of its answer (rest-api.md 5.6).</summary>
internal static class CallHttp
{
    public static LoopTask<Verdict> RunAsync(RequestContext request)
    {
        BoundUri uri = request.Deployment!.UriOrNull(request.Route!.Ordinal)!;
        return uri.Group is { } group ? CallTarget.RunAsync(request, group) : SendAsync(request, uri.Upstream!);
    }

    /// <summary>Sends the call and waits for the head of the answer.</summary>
    /// <param name="request">The request, with its call filled.</param>
    /// <param name="upstream">Where to.</param>
    public static async LoopTask<Verdict> SendAsync(RequestContext request, UpstreamName upstream)
    {
        UpstreamCall call = request.Call!;
        RoutePlan route = request.Route!;
        bool isTimed = GrpcCalls.IsTimed(request, out long timeout);
        call.Deadline = request.Now + (isTimed ? timeout : route.Integration.TimeoutNanoseconds);
        call.IsDeadlineFixed = isTimed;
        LoopTask<UpstreamOutcome> sending = call.SendAsync(upstream);
        if (request.Body.IsBorrowed)
        {
            // Mostly it is on its way by now; while the call waits for a connection it has to stay.
            if (call.IsBodyTouched) request.Body.Release(request.Exchange.Loop.Buffers);
            else request.Body.Keep(request.Exchange.Loop.Buffers);
        }

        return End(request, call, await sending, isTimed);
    }

    /// <summary>Takes what a call came to.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">Its call.</param>
    /// <param name="outcome">How sending it ended.</param>
    /// <param name="isTimed">Whether the client has set the time.</param>
    public static Verdict End(RequestContext request, UpstreamCall call, UpstreamOutcome outcome, bool isTimed)
    {
        request.IntegrationEndedAt = call.RespondedAt != 0 ? call.RespondedAt : request.Now;
        if (outcome != UpstreamOutcome.Ok) return Verdict.Of(FaultOf(outcome, call));

        request.IntegrationStatus = call.Response.Status;
        if (request.IsGrpc)
        {
            // The integration's time was for the first answer. What streams behind it ends when its client says, or when nothing moves.
            if (!isTimed) call.Deadline = long.MaxValue;
            call.IdleTimeout = request.Settings.StreamIdleTimeout;
            return Verdict.Continue;
        }

        if (request.Route!.Integration.StreamsAnswer) call.IdleTimeout = request.Settings.AnswerIdleTimeout;
        bool tooLarge = call.ResponseBodyLimit >= 0 && call.Response.Framing == BodyFraming.Length && call.Response.ContentLength > call.ResponseBodyLimit;
        return tooLarge ? Verdict.Of(FaultKind.ResponseTooLarge) : Verdict.Continue;
    }

    /// <summary>What a failed read of the backend's body means.</summary>
    public static FaultKind FaultOf(BodyStatus status) => status switch
    {
        BodyStatus.Truncated => FaultKind.UpstreamReset,
        BodyStatus.TimedOut => FaultKind.UpstreamTimedOut,
        BodyStatus.TooLarge => FaultKind.ResponseTooLarge,
        BodyStatus.Violation => FaultKind.UpstreamMalformed,
        _ => FaultKind.Aborted,
    };

    private static FaultKind FaultOf(UpstreamOutcome outcome, UpstreamCall call) => outcome switch
    {
        UpstreamOutcome.NameNotFound => FaultKind.UpstreamNameNotFound,
        UpstreamOutcome.ConnectFailed => FaultKind.UpstreamConnectFailed,
        UpstreamOutcome.ConnectTimedOut => FaultKind.UpstreamConnectTimedOut,
        UpstreamOutcome.TlsFailed => FaultKind.UpstreamTlsFailed,
        UpstreamOutcome.CertificateUntrusted => FaultKind.UpstreamCertificateUntrusted,
        UpstreamOutcome.CertificateNameMismatch => FaultKind.UpstreamCertificateNameMismatch,
        UpstreamOutcome.CertificateExpired => FaultKind.UpstreamCertificateExpired,
        UpstreamOutcome.PoolExhausted => FaultKind.UpstreamPoolExhausted,
        UpstreamOutcome.Reset => FaultKind.UpstreamReset,
        UpstreamOutcome.TimedOut => FaultKind.UpstreamTimedOut,
        UpstreamOutcome.Malformed => FaultKind.UpstreamMalformed,
        UpstreamOutcome.HeadTooLarge => FaultKind.UpstreamHeadTooLarge,
        UpstreamOutcome.Unsendable => FaultKind.InvalidEndpoint,
        UpstreamOutcome.RequestBodyFailed => ReceiveBody.FaultOf(call.RequestBodyStatus),
        _ => FaultKind.Aborted,
    };
}

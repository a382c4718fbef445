using System.Globalization;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells what would be called, and what it is taken to have answered.</summary>
internal static class TellIntegration
{
    public static void Run(RequestContext request, Verdict verdict, ExplainedPhase told, ExplanationNotes notes)
    {
        IntegrationPlan plan = request.Route!.Integration;
        told.Add("type", TellRoute.NameOf(plan));
        if (request.Call is not null && request.Deployment!.UriOrNull(request.Route.Ordinal) is { Upstream: { } upstream })
        {
            UpstreamGroup? group = request.Deployment.UriOrNull(request.Route.Ordinal)!.Group;
            if (request.Target is { } target && group is not null)
            {
                told.Add("upstream", group.Live.Name);
                told.Add("target", string.Create(CultureInfo.InvariantCulture, $"{target.Live.Label}, one of {group.Targets.Length} ({(group.Policy.Balance == TargetBalance.LeastLoaded ? "the least loaded" : "in turn, by weight")})"));
            }
            else
            {
                told.Add("upstream", upstream.ToString());
            }

            if (group is not null) TellGroup(group, verdict, request.Now, told);
            told.Add("protocol", upstream.Protocol switch { UpstreamProtocol.Http2 => "HTTP/2", UpstreamProtocol.Auto => "HTTP/2 or HTTP/1.1, as TLS agrees", _ => "HTTP/1.1" });
            told.Add("timeoutMillis", ExplanationNotes.Number(plan.TimeoutNanoseconds / 1_000_000));
        }

        if (request.Function is { } function)
        {
            if (function is StandInFunctionCall standIn) told.Add("function", notes.Text(standIn.Function.Arn));
            told.Add("invocationType", function.Type.ToString());
            told.Add("streams", function.Streams ? "yes: the result passes as it comes" : "no");
            told.Add("eventBytes", ExplanationNotes.Number(function.Event.Length));
            told.Add("timeoutMillis", ExplanationNotes.Number(plan.TimeoutNanoseconds / 1_000_000));
        }
        else if (plan is LambdaIntegrationPlan lambda && verdict.Fault == FaultKind.InvalidEndpoint)
        {
            told.Add("why", notes.Text(!lambda.IsPost ? "Lambda is invoked by POST: the integration's httpMethod is another"
                : request.Deployment!.FunctionOrNull(request.Route.Ordinal)?.Problem ?? $"a placeholder of {lambda.Uri.Text} has no value, or one that no function's name has"));
        }

        if (request.IntegrationStatus != 0) told.Add("status", ExplanationNotes.Number(request.IntegrationStatus));
        if (plan is LambdaPlan && request is { Function: null, IntegrationStatus: 400 }) told.Add("why", "the event is no JSON, which Lambda answers with 400 before any function is called");
        if (verdict.Fault == FaultKind.MockStatusUnreadable) told.Add("why", "a MOCK's request template, or without one the body, must be an object with a whole number as statusCode");
        if (verdict.Fault == FaultKind.FunctionResultMalformed) told.Add("why", "a streamed result begins with metadata in JSON, and eight NUL bytes behind them");
        if (verdict.Fault == FaultKind.FunctionFailed) told.Add("why", "the function failed, or its result broke off");
        if (verdict.Fault is FaultKind.UpstreamMalformed or FaultKind.UpstreamHeadTooLarge) told.Add("why", "the answer given is none that HTTP/1.1 allows");
    }

    private static void TellGroup(UpstreamGroup group, Verdict verdict, long now, ExplainedPhase told)
    {
        foreach (BoundTarget other in group.Targets)
        {
            if (other.Live.IsInOrder) continue;
            told.Add("leftOut", string.Create(CultureInfo.InvariantCulture, $"{other.Live.Label}: {(other.Live.IsDown ? "it does not answer checks" : $"it failed, for {Math.Max(0, other.Live.EjectedUntil - now) / 1e9:0.0} s more")}"));
        }

        if (group.IsPanic) told.Add("panic", "too few targets are in order, so that all take requests");
        if (verdict.Fault == FaultKind.UpstreamCircuitOpen) told.Add("why", "the upstream fails too often: its circuit is open, and requests are refused without a call");
        if (group.Attempts > 1) told.Add("attempts", string.Create(CultureInfo.InvariantCulture, $"up to {group.Attempts}, on {NamesOf(group.Policy.Retries)}"));
    }

    private static string NamesOf(RetryPlan plan)
    {
        var names = new List<string>();
        if ((plan.Causes & RetryCauses.Connect) != 0) names.Add("connect");
        if ((plan.Causes & RetryCauses.Reset) != 0) names.Add("reset");
        if ((plan.Causes & RetryCauses.Timeout) != 0) names.Add("timeout");
        if (!plan.Statuses.Equals(StatusSet.None)) names.Add(plan.Statuses.ToString());
        return string.Join(", ", names);
    }

    /// <summary>What would be sent; null when nothing would.</summary>
    public static ExplainedMessage? MessageOrNull(RequestContext request, ExplanationNotes notes)
    {
        if (request.Function is StandInFunctionCall { WasSent: true } function)
        {
            return notes.Message(new ExplainedMessage { Method = function.Type.ToString(), Url = function.Function.Arn }, function.SentEvent, function.SentBytes);
        }

        if (request.Call is not { } call || request.Deployment!.UriOrNull(request.Route!.Ordinal) is not { Upstream: { } upstream } uri) return null;
        string scheme = upstream.IsTls ? "https" : "http";
        var head = new ExplainedMessage
        {
            Method = ExplanationNotes.Plain(call.Headers.Slice(call.MethodStart, call.MethodLength)),
            Url = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{ExplanationNotes.Plain(uri.Host)}{notes.Target(call.Headers.Slice(call.TargetStart, call.TargetLength))}"),
            Headers = notes.Fields(call.Headers),
        };
        return call is StandInCall standIn
            ? notes.Message(head, standIn.SentBody, standIn.SentBytes)
            : head with { BodyBytes = call.Framing == BodyFraming.Length ? call.ContentLength : 0 };
    }
}

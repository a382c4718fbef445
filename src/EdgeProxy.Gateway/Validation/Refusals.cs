using System.Text;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Validation.Schemas;
using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Gateway.Validation;

/// <summary>Counts what validation refused and says it in the log, without a word of what the message held.</summary>
internal static partial class Refusals
{
    /// <summary>The label of a kind.</summary>
    public static string LabelOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Parameters => "parameters",
        RefusalKind.Malformed => "malformed",
        RefusalKind.Mismatch => "mismatch",
        RefusalKind.RepeatedName => "repeated_name",
        RefusalKind.TooDeep => "too_deep",
        RefusalKind.TooManySteps => "too_many_steps",
        RefusalKind.PatternTimedOut => "pattern_timed_out",
        RefusalKind.Response => "response",
        _ => "response_reported",
    };

    public static RefusalKind KindOf(BodyVerdict verdict) => verdict switch
    {
        BodyVerdict.Malformed => RefusalKind.Malformed,
        BodyVerdict.RepeatedName => RefusalKind.RepeatedName,
        BodyVerdict.TooDeep => RefusalKind.TooDeep,
        BodyVerdict.TooManySteps => RefusalKind.TooManySteps,
        BodyVerdict.PatternTimedOut => RefusalKind.PatternTimedOut,
        _ => RefusalKind.Mismatch,
    };

    /// <summary>Counts a refusal, and says it at level debug.</summary>
    public static void Report(RequestContext request, RefusalKind kind, SchemaPlan? by)
    {
        Account.SeriesOf(request).ForRefusal(kind).Increment(request.Exchange.Loop.Ordinal);
        ILogger log = request.Services.Log;
        if (!log.IsEnabled(LogLevel.Debug)) return;
        Refused(log, Encoding.ASCII.GetString(request.RequestId), request.Route!.Method.ToString(), request.Route.ResourcePath.ToString(), LabelOf(kind), by?.Place ?? "");
    }

    /// <summary>Counts an answer that does not match its model, and says it at level warning: a back end broke its word.</summary>
    public static void ReportResponse(RequestContext request, BodyVerdict verdict, SchemaPlan? by)
    {
        bool isRefused = request.Route!.Validation.RefusesResponses;
        Account.SeriesOf(request).ForRefusal(isRefused ? RefusalKind.Response : RefusalKind.ResponseReported).Increment(request.Exchange.Loop.Ordinal);
        ILogger log = request.Services.Log;
        if (!log.IsEnabled(LogLevel.Warning)) return;
        Mismatched(
            log, request.Exchange.Response.Status, Encoding.ASCII.GetString(request.RequestId), request.Route.Method.ToString(), request.Route.ResourcePath.ToString(),
            LabelOf(KindOf(verdict)), by?.Place ?? "", isRefused ? "answering 502" : "passing it on");
    }

    [LoggerMessage(EventIds.Gateway + 2, LogLevel.Warning, "The answer {Status} to request {RequestId} of {Method} {Resource} does not match its model: {Kind} {Schema}; {Action}", EventName = "response_mismatch")]
    private static partial void Mismatched(ILogger log, int status, string requestId, string method, string resource, string kind, string schema, string action);

    [LoggerMessage(EventIds.Gateway + 1, LogLevel.Debug, "Validation refused request {RequestId} of {Method} {Resource}: {Kind} {Schema}", EventName = "validation_refused")]
    private static partial void Refused(ILogger log, string requestId, string method, string resource, string kind, string schema);
}

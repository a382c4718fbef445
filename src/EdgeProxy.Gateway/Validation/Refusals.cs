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
        _ => "pattern_timed_out",
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

    [LoggerMessage(EventIds.Gateway + 1, LogLevel.Debug, "Validation refused request {RequestId} of {Method} {Resource}: {Kind} {Schema}", EventName = "validation_refused")]
    private static partial void Refused(ILogger log, string requestId, string method, string resource, string kind, string schema);
}

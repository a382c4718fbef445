using System.Text;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Templates;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Counts what went wrong in templates and says it in the log: kind and place, never a word of a body.</summary>
/// <remarks>A failed run is a warning: whoever wrote the template has to act, whatever the client sent.</remarks>
internal static partial class TemplateFailures
{
    /// <summary>The label of a template that could not be compiled.</summary>
    public const string NotCompiled = "not_compiled";

    /// <summary>The label of a fault.</summary>
    public static string LabelOf(TemplateFault fault) => fault switch
    {
        TemplateFault.TooManySteps => "too_many_steps",
        TemplateFault.OutputTooLarge => "output_too_large",
        TemplateFault.TooMuchMemory => "too_much_text",
        TemplateFault.TooManyItems => "too_many_items",
        TemplateFault.NestedTooDeeply => "nested_too_deeply",
        TemplateFault.CallsTooDeep => "calls_too_deep",
        TemplateFault.InvalidJson => "invalid_json",
        TemplateFault.InvalidJsonPath => "invalid_json_path",
        TemplateFault.InvalidBase64 => "invalid_base64",
        TemplateFault.InvalidUrlCode => "invalid_url_code",
        TemplateFault.InvalidPattern => "invalid_pattern",
        TemplateFault.PatternTooCostly => "pattern_too_costly",
        TemplateFault.InvalidNumber => "invalid_number",
        TemplateFault.InvalidFormat => "invalid_format",
        TemplateFault.IndexOutOfRange => "index_out_of_range",
        TemplateFault.NoSuchElement => "no_such_element",
        TemplateFault.InvalidEvaluated => "invalid_evaluated",
        _ => NotCompiled,
    };

    /// <summary>The setting whose limit a fault met; null for a fault that met none.</summary>
    public static string? LimitOf(TemplateFault fault) => fault switch
    {
        TemplateFault.TooManySteps or TemplateFault.PatternTooCostly => "templates.steps",
        TemplateFault.OutputTooLarge => "templates.output",
        TemplateFault.TooMuchMemory => "templates.text",
        TemplateFault.TooManyItems => "templates.items",
        TemplateFault.NestedTooDeeply => "templates.nesting",
        TemplateFault.CallsTooDeep => "templates.calls",
        _ => null,
    };

    /// <summary>Reports a run that failed, or whose loops were cut.</summary>
    public static void Report(RequestContext request, BodyTemplate template, in TemplateResult result)
    {
        if (result.HasCutLoop && !request.Services.IsRehearsal) request.Services.Metrics.LimitHits("templates.iterations").Increment(request.Exchange.Loop.Ordinal);
        ILogger log = request.Services.Log;
        if (result.IsOk)
        {
            if (!log.IsEnabled(LogLevel.Debug)) return;
            Cut(log, PlaceOf(request), template.MediaType.ToString(), IdOf(request), request.Route!.Method.ToString(), request.Route.ResourcePath.ToString());
            return;
        }

        CountLimit(request, result.Fault);
        Account.SeriesOf(request).ForTemplateFailure(result.Fault).Increment(request.Exchange.Loop.Ordinal);
        if (!log.IsEnabled(LogLevel.Warning)) return;
        Failed(
            log, PlaceOf(request), template.MediaType.ToString(), request.Route!.Method.ToString(), request.Route.ResourcePath.ToString(), LabelOf(result.Fault), result.Line,
            result.Column, IdOf(request));
    }

    /// <summary>Reports a request that met a template with an error, which was told when the definition was loaded.</summary>
    public static void ReportBroken(RequestContext request, BodyTemplate template)
    {
        Account.SeriesOf(request).ForTemplateFailure(TemplateFault.None).Increment(request.Exchange.Loop.Ordinal);
        ILogger log = request.Services.Log;
        if (!log.IsEnabled(LogLevel.Debug)) return;
        Broken(log, PlaceOf(request), template.MediaType.ToString(), IdOf(request), request.Route!.Method.ToString(), request.Route.ResourcePath.ToString());
    }

    /// <summary>Counts the limit that a fault met, if it met one.</summary>
    public static void CountLimit(RequestContext request, TemplateFault fault)
    {
        if (LimitOf(fault) is { } limit && !request.Services.IsRehearsal) request.Services.Metrics.LimitHits(limit).Increment(request.Exchange.Loop.Ordinal);
    }

    private static string PlaceOf(RequestContext request) => request.IntegrationStartedAt == 0 ? "request" : "response";

    private static string IdOf(RequestContext request) => Encoding.ASCII.GetString(request.RequestId);

    [LoggerMessage(EventIds.Gateway + 10, LogLevel.Warning, "The {Place} template {MediaType} of {Method} {Resource} failed: {Kind} at line {Line}, column {Column}; answering 500 to request {RequestId}", EventName = "template_failed")]
    private static partial void Failed(ILogger log, string place, string mediaType, string method, string resource, string kind, int line, int column, string requestId);

    [LoggerMessage(EventIds.Gateway + 11, LogLevel.Debug, "The {Place} template {MediaType} cannot be compiled; answering 500 to request {RequestId} of {Method} {Resource}", EventName = "template_broken")]
    private static partial void Broken(ILogger log, string place, string mediaType, string requestId, string method, string resource);

    [LoggerMessage(EventIds.Gateway + 12, LogLevel.Debug, "A loop of the {Place} template {MediaType} ended at its most iterations in request {RequestId} of {Method} {Resource}", EventName = "template_loop_cut")]
    private static partial void Cut(ILogger log, string place, string mediaType, string requestId, string method, string resource);
}

using System.Globalization;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>The metric handles of one route (or of a stage, for requests without one), shared by all loops.</summary>
/// <remarks>
/// A series is made when its status first occurs, so that a hundred thousand routes nobody calls cost nothing. That first time takes the registry's lock;
/// after it a status is found by a short scan.
/// </remarks>
internal sealed class RouteSeries
{
    private readonly GatewayMetrics _metrics;
    private readonly ISeriesOwner? _owner;
    private readonly string _apiId;
    private readonly string _apiName;
    private readonly string _apiType;
    private readonly string _stage;
    private readonly string _resource;
    private readonly string _method;
    private readonly Lock _gate = new();
    private StatusSeries[] _byStatus = [];
    private IntegrationErrorSeries[] _errors = [];
    private readonly Counter?[] _cached = new Counter?[(int)CacheOutcome.Coalesced + 1];
    private readonly Counter?[] _refusals = new Counter?[(int)RefusalKind.ResponseReported + 1];
    private readonly Counter?[] _templates = new Counter?[(int)TemplateFault.InvalidEvaluated + 1];
    private readonly Histogram?[] _integrations = new Histogram?[(int)IntegrationKind.Aws + 1];

    /// <param name="metrics">The families.</param>
    /// <param name="owner">The route or the stage; null for what never goes.</param>
    /// <param name="apiId">As labels say it, like those that follow.</param>
    /// <param name="apiName">The API's name.</param>
    /// <param name="apiType">The API's type.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="resource">The resource path; empty for a stage as a whole.</param>
    /// <param name="method">The method; empty likewise.</param>
    public RouteSeries(GatewayMetrics metrics, ISeriesOwner? owner, string apiId, string apiName, string apiType, string stage, string resource, string method)
    {
        _metrics = metrics;
        _owner = owner;
        _apiId = apiId;
        _apiName = apiName;
        _apiType = apiType;
        _stage = stage;
        _resource = resource;
        _method = method;
    }

    /// <summary>The series of a status.</summary>
    public StatusSeries ForStatus(int status)
    {
        foreach (StatusSeries series in Volatile.Read(ref _byStatus))
        {
            if (series.Status == status) return series;
        }

        return MakeStatus(status);
    }

    /// <summary>The latency of the integration.</summary>
    public Histogram ForIntegration(IntegrationKind kind) => Volatile.Read(ref _integrations[(int)kind]) ?? MakeIntegration(kind);

    /// <summary>The failures of a kind.</summary>
    public Counter ForError(IntegrationKind integration, string kind)
    {
        foreach (IntegrationErrorSeries series in Volatile.Read(ref _errors))
        {
            if (series.Integration == integration && series.Kind == kind) return series.Errors;
        }

        return MakeError(integration, kind);
    }

    /// <summary>The requests for which the cache did something.</summary>
    public Counter ForCache(CacheOutcome outcome) => Volatile.Read(ref _cached[(int)outcome]) ?? MakeCached(outcome);

    /// <summary>The requests that validation refused for a reason.</summary>
    public Counter ForRefusal(RefusalKind kind) => Volatile.Read(ref _refusals[(int)kind]) ?? MakeRefusal(kind);

    /// <summary>The requests whose template failed for a reason; None for a template that could not be compiled.</summary>
    public Counter ForTemplateFailure(TemplateFault fault) => Volatile.Read(ref _templates[(int)fault]) ?? MakeTemplateFailure(fault);

    /// <summary>An integration's kind as documents and labels name it.</summary>
    public static string TypeOf(IntegrationKind kind) => kind switch
    {
        IntegrationKind.HttpProxy => "HTTP_PROXY",
        IntegrationKind.Http => "HTTP",
        IntegrationKind.Mock => "MOCK",
        IntegrationKind.AwsProxy => "AWS_PROXY",
        IntegrationKind.Aws => "AWS",
        _ => "",
    };

    private Counter MakeCached(CacheOutcome outcome)
    {
        Counter made = _metrics.CacheRequests.With(_owner, _apiId, _stage, _resource, _method, CacheOutcomes.LabelOf(outcome));
        Volatile.Write(ref _cached[(int)outcome], made);
        return made;
    }

    private Counter MakeRefusal(RefusalKind kind)
    {
        Counter made = _metrics.ValidationRefusals.With(_owner, _apiId, _stage, _resource, _method, Refusals.LabelOf(kind));
        Volatile.Write(ref _refusals[(int)kind], made);
        return made;
    }

    private Counter MakeTemplateFailure(TemplateFault fault)
    {
        Counter made = _metrics.TemplateFailures.With(_owner, _apiId, _stage, _resource, _method, TemplateFailures.LabelOf(fault));
        Volatile.Write(ref _templates[(int)fault], made);
        return made;
    }

    private StatusSeries MakeStatus(int status)
    {
        lock (_gate)
        {
            foreach (StatusSeries known in _byStatus)
            {
                if (known.Status == status) return known;
            }

            string code = status.ToString(CultureInfo.InvariantCulture);
            string codeClass = $"{code[0]}xx";
            var made = new StatusSeries(
                status,
                _metrics.Requests.With(_owner, _apiId, _apiName, _apiType, _stage, _resource, _method, codeClass, code),
                _metrics.Duration.With(_owner, _apiId, _stage, _resource, _method, codeClass));
            Volatile.Write(ref _byStatus, [.. _byStatus, made]);
            return made;
        }
    }

    private Histogram MakeIntegration(IntegrationKind kind)
    {
        Histogram made = _metrics.IntegrationDuration.With(_owner, _apiId, _stage, _resource, _method, TypeOf(kind));
        Volatile.Write(ref _integrations[(int)kind], made);
        return made;
    }

    private Counter MakeError(IntegrationKind integration, string kind)
    {
        lock (_gate)
        {
            foreach (IntegrationErrorSeries known in _errors)
            {
                if (known.Integration == integration && known.Kind == kind) return known.Errors;
            }

            var made = new IntegrationErrorSeries(
                integration, kind, _metrics.IntegrationErrors.With(_owner, _apiId, _stage, _resource, _method, TypeOf(integration), kind));
            Volatile.Write(ref _errors, [.. _errors, made]);
            return made.Errors;
        }
    }
}

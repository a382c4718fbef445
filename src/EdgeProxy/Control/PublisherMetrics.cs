using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Control;

/// <summary>What the management API has served, and how long it takes from a call to the requests.</summary>
internal sealed class PublisherMetrics
{
    private readonly Counter _deployments;
    private readonly Counter _published;
    private readonly Counter _refused;
    private readonly Counter _failed;
    private readonly Histogram _duration;
    private readonly Gauge _restApis;
    private readonly Gauge _otherApis;
    private readonly Gauge _stages;

    public PublisherMetrics(MetricRegistry metrics)
    {
        _deployments = metrics.Counter("edgeproxy_deployments_total", "Stages that a call of the management API pointed at a deployment, changed or removed.").With();
        CounterFamily publications = metrics.Counter("edgeproxy_publications_total", "Changes of what is served by calls of the management API and by configurations, by result.", "result");
        _published = publications.With("success");
        _refused = publications.With("refused");
        _failed = metrics.Counter("edgeproxy_auto_deployments_failed_total", "Deployments that nobody asked for (management.autoDeploy) and that cannot be served; the changes that they followed from are kept.").With();
        _duration = metrics.Histogram("edgeproxy_publish_duration_seconds", "Time from when a change of what is served was known until all loops served it, the store's part included.", BucketBounds.Latency).With();
        GaugeFamily apis = metrics.Gauge("edgeproxy_stored_apis", "APIs that the management API keeps, by version of the service.", "version");
        _restApis = apis.With("1");
        _otherApis = apis.With("2");
        _stages = metrics.Gauge("edgeproxy_stored_stages_served", "Stages of stored APIs that are served.").With();
    }

    /// <summary>Shows what is kept and served.</summary>
    public void Show(RecordBook book, int stages)
    {
        _restApis.Set(book.Below(Scopes.RestApis).Count);
        _otherApis.Set(book.Below(Scopes.Apis).Count);
        _stages.Set(stages);
    }

    /// <summary>Counts a change that is in force.</summary>
    public void CountPublished(int stages, TimeSpan took)
    {
        _published.Increment(MetricRegistry.SharedStripe);
        _deployments.Add(MetricRegistry.SharedStripe, stages);
        _duration.Observe(MetricRegistry.SharedStripe, (long)took.TotalNanoseconds);
    }

    /// <summary>Counts an automatic deployment that cannot be served.</summary>
    public void CountFailed() => _failed.Increment(MetricRegistry.SharedStripe);

    /// <summary>Counts a change that cannot be served.</summary>
    public void CountRefused() => _refused.Increment(MetricRegistry.SharedStripe);
}

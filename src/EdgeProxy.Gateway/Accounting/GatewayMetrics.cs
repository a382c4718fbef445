using System.Collections.Concurrent;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>The families that requests are counted in (observability.md 3.5).</summary>
internal sealed class GatewayMetrics
{
    private readonly MetricRegistry _registry;
    private readonly CounterFamily _limits;
    private readonly ConcurrentDictionary<string, Counter> _limitHits = new(StringComparer.Ordinal);

    /// <param name="registry">Where the families are made.</param>
    /// <param name="limits">The family of limits that were met, which connections count in as well; made here when null.</param>
    public GatewayMetrics(MetricRegistry registry, CounterFamily? limits = null)
    {
        _registry = registry;
        _limits = limits ?? registry.Counter("edgeproxy_limit_hits_total", "Requests and connections that met a limit.", "limit");
        Requests = registry.Counter(
            "edgeproxy_requests_total", "Requests answered, by API, stage, route and status.",
            "api_id", "api_name", "api_type", "stage", "resource", "method", "code_class", "code");
        Duration = registry.Histogram(
            "edgeproxy_request_duration_seconds", "Time from a request's first byte to the end of its response.",
            BucketBounds.Latency, "api_id", "stage", "resource", "method", "code_class");
        IntegrationDuration = registry.Histogram(
            "edgeproxy_integration_duration_seconds", "Time from the call of an integration to the head of its answer.",
            BucketBounds.Latency, "api_id", "stage", "resource", "method", "integration_type");
        IntegrationErrors = registry.Counter(
            "edgeproxy_integration_errors_total", "Integrations that gave no answer, by kind of failure.",
            "api_id", "stage", "resource", "method", "integration_type", "kind");
        ValidationRefusals = registry.Counter(
            "edgeproxy_validation_refusals_total", "Requests that a request validator refused, and answers that did not match their model, by reason.",
            "api_id", "stage", "resource", "method", "kind");
        Throttled = registry.Counter(
            "edgeproxy_throttled_total", "Requests refused because a bucket was empty, by whose bucket it was: the node's (account), the stage's for the method, the method's own, the key's in its usage plan (key_rate); and over the key's quota (key_quota).",
            "api_id", "stage", "scope");
        UsagePlanRequests = registry.Counter(
            "edgeproxy_usage_plan_requests_total", "Requests with an API key, by usage plan and by what became of them there: admitted, throttled, or over the quota.",
            "usage_plan", "outcome");
        Shed = registry.Counter("edgeproxy_shed_total", "Requests answered 503 because their loop was saturated (overload.delay). They are no part of edgeproxy_requests_total.").With();
        SlotsInUse = registry.GaugeFunction(
            "edgeproxy_route_concurrency", "Requests under way of routes that cap them.", "api_id", "stage", "resource", "method");
        SlotCaps = registry.GaugeFunction(
            "edgeproxy_route_concurrency_cap", "Requests that may be under way of routes that cap them: what is set, or what was found out.", "api_id", "stage", "resource", "method");
        SlotsQueued = registry.GaugeFunction(
            "edgeproxy_route_queue_length", "Requests that wait for a slot of their route.", "api_id", "stage", "resource", "method");
        SlotWaits = registry.Counter(
            "edgeproxy_route_queued_total", "Requests that found no free slot of their route, by what became of them.", "api_id", "stage", "resource", "method", "outcome");
        TemplateFailures = registry.Counter(
            "edgeproxy_template_failures_total", "Requests answered 500 because a mapping template failed, by reason.",
            "api_id", "stage", "resource", "method", "kind");
        CanaryRequests = registry.Counter(
            "edgeproxy_canary_requests_total", "Requests answered by stages with a canary, by whether it was the canary that served them.",
            "api_id", "stage", "canary", "code_class");
        DataProcessed = registry.Counter(
            "edgeproxy_data_processed_bytes_total", "Body bytes received from and sent to clients.", "api_id", "stage", "direction");
        AuthFailures = registry.Counter(
            "edgeproxy_auth_failures_total", "Requests refused for want of an identity, by reason.", "api_id", "reason");
        CacheRequests = registry.Counter(
            "edgeproxy_cache_requests_total", "Requests of routes that cache, by what the cache did: answered (hit), had nothing (miss), was passed by (bypass), was passed by to be filled anew (refresh), answered when the back end had said that nothing has changed (revalidated), with what had expired (stale), or with what another request has fetched (coalesced).",
            "api_id", "stage", "resource", "method", "result");
        Cache = new CacheMetrics(registry, _limits);
        Codings = new ContentCodingMetrics(registry);
        Targets = new TargetMetrics(registry);
        MutualTlsFailures = AuthFailures.With("", "mtls");
        Unrouted = new RouteSeries(this, null, "", "", "", "", "", "");
    }

    /// <summary>The requests that met a limit.</summary>
    /// <param name="setting">The setting that holds it.</param>
    public Counter LimitHits(string setting) => _limitHits.GetOrAdd(setting, static (name, family) => family.With(name), _limits);

    /// <summary>Takes out the series of what is gone; see <see cref="MetricRegistry.Forget"/>.</summary>
    public void Forget(string[] labelNames, Predicate<string[]> isGone) => _registry.Forget(labelNames, isGone);

    public CounterFamily Requests { get; }

    public HistogramFamily Duration { get; }

    public HistogramFamily IntegrationDuration { get; }

    public CounterFamily IntegrationErrors { get; }

    public CounterFamily ValidationRefusals { get; }

    public CounterFamily Throttled { get; }

    public CounterFamily UsagePlanRequests { get; }

    public CounterFamily TemplateFailures { get; }

    /// <summary>What saturated loops had no time for.</summary>
    public Counter Shed { get; }

    public FunctionFamily SlotsInUse { get; }

    public FunctionFamily SlotCaps { get; }

    public FunctionFamily SlotsQueued { get; }

    public CounterFamily SlotWaits { get; }

    public CounterFamily CanaryRequests { get; }

    public CounterFamily DataProcessed { get; }

    public CounterFamily AuthFailures { get; }

    public CounterFamily CacheRequests { get; }

    /// <summary>What the node's cache holds and does.</summary>
    public CacheMetrics Cache { get; }

    /// <summary>Those by client certificate, which come before any API is chosen.</summary>
    public Counter MutualTlsFailures { get; }

    /// <summary>Bodies decoded and compressed.</summary>
    public ContentCodingMetrics Codings { get; }

    /// <summary>Upstreams with targets to choose from or to hold to account.</summary>
    public TargetMetrics Targets { get; }

    /// <summary>For requests that no stage took.</summary>
    public RouteSeries Unrouted { get; }
}

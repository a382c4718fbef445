using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Http.Client;

/// <summary>What upstream pools count.</summary>
public sealed class UpstreamMetrics(MetricRegistry registry)
{
    private readonly GaugeFamily _connections = registry.Gauge("edgeproxy_upstream_connections", "Open connections to upstreams.", "upstream", "state");
    private readonly CounterFamily _connects = registry.Counter("edgeproxy_upstream_connects_total", "Connection attempts to upstreams.", "upstream", "result");
    private readonly CounterFamily _reused = registry.Counter("edgeproxy_upstream_reused_total", "Calls sent on a pooled connection.", "upstream");
    private readonly CounterFamily _retried = registry.Counter("edgeproxy_upstream_retries_total", "Calls sent again because a pooled connection was dead.", "upstream");
    private readonly CounterFamily _queued = registry.Counter("edgeproxy_upstream_queued_total", "Calls that waited for a connection.", "upstream");
    private readonly CounterFamily _refused = registry.Counter("edgeproxy_upstream_queue_full_total", "Calls refused because pool and queue were full.", "upstream");
    private readonly GaugeFamily _streams = registry.Gauge("edgeproxy_upstream_streams", "Open HTTP/2 streams to upstreams.", "upstream");
    private readonly CounterFamily _resets = registry.Counter("edgeproxy_upstream_resets_total", "HTTP/2 streams to upstreams that were reset, by who did it.", "upstream", "sender");
    private readonly CounterFamily _goAways = registry.Counter("edgeproxy_upstream_goaways_total", "GOAWAY frames on HTTP/2 connections to upstreams, by who sent them.", "upstream", "sender");
    private readonly CounterFamily _lookups = registry.Counter("edgeproxy_dns_lookups_total", "Name look-ups that were not answered from the cache.", "result");
    private readonly CounterFamily _lookupWaits = registry.Counter("edgeproxy_dns_waits_total", "Calls that shared the look-up another had begun, or gave up waiting for one.", "result");

    public Gauge Open(string upstream) => _connections.With(upstream, "open");

    public Gauge Idle(string upstream) => _connections.With(upstream, "idle");

    public Counter Connects(string upstream, string result) => _connects.With(upstream, result);

    public Counter Reused(string upstream) => _reused.With(upstream);

    public Counter Retried(string upstream) => _retried.With(upstream);

    public Counter Queued(string upstream) => _queued.With(upstream);

    public Counter QueueFull(string upstream) => _refused.With(upstream);

    public Gauge Streams(string upstream) => _streams.With(upstream);

    public Counter Resets(string upstream, string sender) => _resets.With(upstream, sender);

    public Counter GoAways(string upstream, string sender) => _goAways.With(upstream, sender);

    public Counter Lookups(string result) => _lookups.With(result);

    public Counter LookupWaits(string result) => _lookupWaits.With(result);
}

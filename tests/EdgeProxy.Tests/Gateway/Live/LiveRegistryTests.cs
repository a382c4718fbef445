using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Gateway.Live;

public sealed class LiveRegistryTests
{
    [Fact]
    public void Gives_back_what_an_earlier_plan_of_the_same_route_had()
    {
        var live = new LiveRegistry(new GatewayMetrics(new MetricRegistry(stripes: 1)));
        var api = new ApiFacts { Id = "abcde12345", Name = "pets", Kind = ApiKind.Rest };
        var again = new ApiFacts { Id = "abcde12345", Name = "renamed", Kind = ApiKind.Rest };
        RouteLive route = live.Stage(api, "prod").Route("/pets", "GET");
        Assert.Same(route, live.Stage(again, "prod").Route("/pets", "GET"));
        Assert.NotSame(route, live.Stage(api, "prod").Route("/pets", "POST"));
        Assert.NotSame(route, live.Stage(api, "prod").Route("/pets/{id}", "GET"));
        Assert.NotSame(route, live.Stage(api, "test").Route("/pets", "GET"));
        Assert.Equal(2, live.Count);
    }

    [Fact]
    public void A_cache_that_is_prepared_is_the_node_s_when_it_is_kept_and_not_before()
    {
        var live = new LiveRegistry(new GatewayMetrics(new MetricRegistry(stripes: 1)));
        CacheStore served = live.Cache(64 << 20)!;
        CacheStore prepared = live.PrepareCache(128 << 20)!;
        Assert.NotSame(served, prepared);
        Assert.Same(prepared, live.PrepareCache(128 << 20));
        live.DropCache();
        Assert.Same(served, live.PrepareCache(64 << 20));
        Assert.Null(live.PrepareCache(0));
        live.DropCache();
        live.KeepCache();
        Assert.Same(served, live.Cache(64 << 20));
        CacheStore other = live.PrepareCache(128 << 20)!;
        live.KeepCache();
        Assert.Same(other, live.Cache(128 << 20));
    }

    [Fact]
    public void Makes_one_series_for_a_status_however_many_loops_ask_at_once()
    {
        var live = new LiveRegistry(new GatewayMetrics(new MetricRegistry(stripes: 4)));
        RouteSeries series = live.Stage(new ApiFacts { Id = "abcde12345", Name = "pets", Kind = ApiKind.Rest }, "prod").Route("/", "GET").Series;
        StatusSeries[] found = new StatusSeries[400];
        Parallel.For(0, found.Length, i => found[i] = series.ForStatus(200 + (i % 4)));
        for (int i = 0; i < found.Length; i++) Assert.Same(found[i % 4], found[i]);
        Assert.Equal(4, found.Distinct().Count());
    }
}

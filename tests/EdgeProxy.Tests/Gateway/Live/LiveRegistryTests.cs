using System.Diagnostics;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Live;

public sealed class LiveRegistryTests
{
    private static readonly ApiFacts s_pets = new() { Id = "abcde12345", Name = "pets", Kind = ApiKind.Rest };

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

    [Fact]
    public void Requests_that_end_after_their_stage_went_bring_no_series_back()
    {
        var registry = new MetricRegistry(stripes: 1);
        var live = new LiveRegistry(new GatewayMetrics(registry));
        StageLive stage = live.Stage(s_pets, "prod");
        RouteLive route = stage.Route("/pets", "GET");
        UpstreamLive upstream = stage.Upstream("http://pets:80");
        TargetLive target = upstream.Target(new UpstreamName("pets", 80));
        live.Forget([stage], []);
        Assert.DoesNotContain("abcde12345", MetricText.Of(registry), StringComparison.Ordinal);

        route.Series.ForStatus(200).Requests.Increment(0);
        route.Series.ForIntegration(IntegrationKind.HttpProxy).Observe(0, 1);
        stage.Series.ForStatus(404).Duration.Observe(0, 1);
        stage.CanaryRequests(true, 200).Increment(0);
        stage.Throttled(ThrottleScope.Stage).Increment(0);
        upstream.Series.Ejections(target, "rate").Increment(0);
        upstream.Series.Checks(target, isGood: false).Increment(0);
        upstream.Target(new UpstreamName("other", 80)).Enter(0);
        Assert.DoesNotContain("abcde12345", MetricText.Of(registry), StringComparison.Ordinal);

        // One of its name that comes later counts for itself.
        StageLive again = live.Stage(s_pets, "prod");
        Assert.NotSame(stage, again);
        again.Route("/pets", "GET").Series.ForStatus(200).Requests.Increment(0);
        Assert.Matches("edgeproxy_requests_total\\{api_id=\"abcde12345\"[^}]*resource=\"/pets\"[^}]*\\} 1\n", MetricText.Of(registry));
    }

    [Fact]
    public void An_API_s_own_series_go_with_its_last_stage()
    {
        var registry = new MetricRegistry(stripes: 1);
        var live = new LiveRegistry(new GatewayMetrics(registry));
        StageLive prod = live.Stage(s_pets, "prod");
        StageLive test = live.Stage(s_pets, "test");
        prod.KeyRefusals.Increment(0);
        live.Forget([prod], []);
        Assert.Contains("edgeproxy_auth_failures_total{api_id=\"abcde12345\",reason=\"key\"} 1\n", MetricText.Of(registry), StringComparison.Ordinal);
        Assert.DoesNotContain("stage=\"prod\"", MetricText.Of(registry), StringComparison.Ordinal);
        live.Forget([test], []);
        Assert.DoesNotContain("abcde12345", MetricText.Of(registry), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_stages_that_go_at_once_cost_little_more_than_one()
    {
        // A pass over all series for each of them would be a thousand.
        var registry = new MetricRegistry(stripes: 1);
        var live = new LiveRegistry(new GatewayMetrics(registry));
        TimeSpan one = TimeSpan.MaxValue;
        TimeSpan all = TimeSpan.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            StageLive[] stages = new StageLive[1000];
            for (int i = 0; i < stages.Length; i++)
            {
                stages[i] = live.Stage(new ApiFacts { Id = $"api{i}", Name = "pets", Kind = ApiKind.Rest }, "prod");
                for (int route = 0; route < 8; route++) stages[i].Route($"/{route}", "GET").Series.ForStatus(200);
            }

            one = Least(one, () => live.Forget([stages[0]], []));
            all = Least(all, () => live.Forget(stages[1..], []));
        }

        Assert.Equal(0, live.Count);
        Assert.True(all < one * 100, $"one {one.TotalMilliseconds} ms, 999 {all.TotalMilliseconds} ms");

        static TimeSpan Least(TimeSpan least, Action action)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            return took < least ? took : least;
        }
    }
}

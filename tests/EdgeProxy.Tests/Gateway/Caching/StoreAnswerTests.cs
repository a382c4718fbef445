using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Caching;

public sealed class StoreAnswerTests : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void A_full_cache_fails_no_request()
    {
        CacheStore store = Serve(new CacheStoreOptions { Budget = 8 * 4096, SegmentSize = 4096 });
        string body = new('x', 3000);
        for (int i = 0; i < 300; i++) Assert.Equal(body, Get($"/{i}", body));
        Assert.InRange(store.Figures.Entries, 4, 8);
        Assert.InRange(store.Figures.Bytes, 4096, 8 * 4096);
        Assert.True(store.Figures.Evicted > 200);
    }

    [Fact]
    public void An_answer_too_large_for_a_small_cache_is_served_and_counted()
    {
        Serve(new CacheStoreOptions { Budget = 8 * 4096, SegmentSize = 4096 });
        string body = new('x', 5000);
        Assert.Equal(body, Get("/a", body));
        Assert.Equal(body, Get("/a", body));
        Assert.Equal(2, _gateway.Upstream.Calls);
        Assert.Equal("2", _gateway.Metric("""edgeproxy_cache_stores_total{result="no_room"}"""));
        Assert.Equal("2", _gateway.Metric("""edgeproxy_limit_hits_total{limit="cache.maxBytes"}"""));
    }

    [Fact]
    public void A_cache_without_memory_fails_no_request()
    {
        Serve(new CacheStoreOptions { Budget = 8 * 4096, SegmentSize = 4096, Allocate = static _ => throw new OutOfMemoryException() });
        for (int i = 0; i < 10; i++) Assert.Equal("body", Get("/a", "body"));
        Assert.Equal(10, _gateway.Upstream.Calls);
        Assert.Equal("10", _gateway.Metric("""edgeproxy_cache_stores_total{result="no_room"}"""));
    }

    [Fact]
    public void A_cache_that_breaks_fails_no_request_and_is_counted()
    {
        Serve(new CacheStoreOptions { Budget = 8 * 4096, SegmentSize = 4096, Allocate = static _ => throw new InvalidOperationException("broken") });
        for (int i = 0; i < 10; i++) Assert.Equal("body", Get("/a", "body"));
        Assert.Equal("10", _gateway.Metric("edgeproxy_cache_failures_total"));
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void Whatever_is_in_an_entry_reading_it_fails_no_request()
    {
        CacheStore store = Serve(new CacheStoreOptions { Budget = 8 * 4096, SegmentSize = 4096 });
        Get("/a", "body");
        CacheUse use = _gateway.Context.CacheUse;
        _gateway.Upstream.Waits = true;
        _gateway.Start("GET /b HTTP/1.1");

        // Under the key that the request has just looked up: a head that says more than it has.
        Assert.True(store.TryReserve(use.Key.Span, use.Hash, 8, 0, _gateway.Loop.Now, out PendingEntry entry));
        entry.Head.Fill(0xFF);
        entry.Publish(_gateway.Loop.Now, long.MaxValue);
        _gateway.Upstream.Waits = false;
        _gateway.Upstream.Answer("HTTP/1.1 404 Not Found\nContent-Length: 0", "");
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        Assert.Equal("fresh", Get("/b", "fresh"));
        Assert.Equal("1", _gateway.Metric("edgeproxy_cache_failures_total"));
        Assert.False(use.HasEntry);
    }

    [Fact]
    public void An_entry_in_flight_stays_as_it_is_however_much_is_stored_meanwhile()
    {
        Serve(new CacheStoreOptions { Budget = 16 * 1024 * 1024, SegmentSize = 2 * 1024 * 1024 });
        string body = string.Concat(Enumerable.Range(0, 100_000).Select(static i => (char)('a' + (i % 26)))) + new string('!', 500_000);
        Assert.Equal(body, Get("/a", body));
        FakeExchange exchange = _gateway.Exchange;
        exchange.Room = 1;
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Start("GET /a HTTP/1.1");
        Assert.True(_gateway.Context.CacheUse.HasEntry);
        Assert.Equal(256 * 1024, exchange.Sent.Length);
        CacheStore store = _gateway.Snapshots.Current.Cache!;
        for (int i = 0; i < 5000; i++) Fill(store, i);
        exchange.TakeSent();
        _gateway.Loop.Run();
        exchange.TakeSent();
        _gateway.Loop.Run();
        exchange.Room = -1;
        exchange.TakeSent();
        _gateway.Loop.Run();
        Assert.Equal(body, exchange.SentText);
        Assert.False(_gateway.Context.CacheUse.HasEntry);
    }

    private static void Fill(CacheStore store, int i)
    {
        byte[] key = BitConverter.GetBytes(i);
        if (!store.TryReserve(key, store.HashOf(key), 0, 10_000, 1, out PendingEntry entry)) return;
        entry.Body.Fill((byte)'?');
        entry.Publish(1, long.MaxValue);
    }

    [Fact]
    public void A_body_that_only_the_end_of_its_connection_ended_is_not_stored_though_it_is_held()
    {
        Serve(TestGateway.HttpBackend("http://backend/"), answer: BodyNeed.Whole);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK", "hal");
        _gateway.Send("GET /a HTTP/1.1");
        Assert.Equal("whole", Get("/a", "whole"));
        Assert.Equal("whole", Get("/a", "other"));
    }

    [Theory]
    [InlineData(206)]
    [InlineData(304)]
    public void A_part_that_a_mapping_makes_a_200_of_is_not_stored(int status)
    {
        Serve(TestGateway.HttpBackend("http://backend/", parameters: [TestGateway.Map("integration.request.header.Range", "method.request.header.Range")]));
        _gateway.Upstream.Answer($"HTTP/1.1 {status} X\nContent-Length: 0", "");
        Assert.Equal(200, _gateway.Send("GET /a HTTP/1.1\nHost: node\nRange: bytes=0-0").Response.Status);
        Assert.Equal("whole", Get("/a", "whole"));
    }

    [Fact]
    public void A_GET_with_a_body_is_answered_from_the_cache_and_never_fills_it()
    {
        Serve(TestGateway.Proxy("http://backend/"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 4", "evil");
        Assert.Equal("evil", _gateway.Send("GET /a HTTP/1.1\nHost: node\nContent-Length: 3", "x=y").SentText);
        Assert.Equal("good", Get("/a", "good"));
        Assert.Equal("good", _gateway.Send("GET /a HTTP/1.1\nHost: node\nContent-Length: 3", "x=y").SentText);
    }

    [Fact]
    public void What_is_recorded_at_a_time_is_no_more_than_a_share_of_the_cache()
    {
        Serve(TestGateway.Proxy("http://backend/"), settings: new GatewaySettings { Cache = new CacheLimits(MaxBytes: 4000) });
        string piece = new('x', 600);
        for (int i = 0; i < 2; i++)
        {
            _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 1200", piece, piece);
            Assert.Equal(1200, _gateway.Send("GET /a HTTP/1.1").Sent.Length);
        }

        Assert.Equal((2, "2"), (_gateway.Upstream.Calls, _gateway.Metric("""edgeproxy_cache_stores_total{result="no_room"}""")));
        for (int i = 0; i < 2; i++)
        {
            _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 800", piece[..400], piece[..400]);
            Assert.Equal(800, _gateway.Send("GET /a HTTP/1.1").Sent.Length);
        }

        Assert.Equal((3, 0L), (_gateway.Upstream.Calls, _gateway.Context.Services.Recorded));
    }

    private void Serve(IntegrationPlan integration, BodyNeed answer = default, GatewaySettings? settings = null)
    {
        Assert.True(ValueSource.TryParseRequest("method.request.path.id", ["id"], out ValueSource? id));
        _gateway.CacheKey = new CacheKeyPlan { Parts = [new CacheKeyPart("method.request.path.id", id!)] };
        StagePlan stage = _gateway.Route("GET /{id}", integration, answer: answer).Stage(settings: new RouteSettings { Cache = new RouteCacheSettings(300_000_000_000) });
        var store = new CacheStore(new CacheStoreOptions { Budget = 8 * 4096, SegmentSize = 4096 });
        _gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Cache = store, Settings = settings ?? GatewaySettings.Default });
    }

    private CacheStore Serve(CacheStoreOptions options)
    {
        Assert.True(ValueSource.TryParseRequest("method.request.path.id", ["id"], out ValueSource? id));
        _gateway.CacheKey = new CacheKeyPlan { Parts = [new CacheKeyPart("method.request.path.id", id!)] };
        StagePlan stage = _gateway.Route("GET /{id}", TestGateway.Proxy("http://backend/")).Stage(settings: new RouteSettings { Cache = new RouteCacheSettings(300_000_000_000) });
        var store = new CacheStore(options);
        _gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Cache = store });
        return store;
    }

    private string Get(string path, string body)
    {
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: {body.Length}", body);
        FakeExchange answer = _gateway.Send($"GET {path} HTTP/1.1");
        Assert.Equal(200, answer.Response.Status);
        return answer.SentText;
    }
}

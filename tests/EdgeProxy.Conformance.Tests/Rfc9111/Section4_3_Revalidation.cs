using EdgeProxy.Http.Client;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

/// <summary>Conditions both ways, in whole requests: those of clients answered here, and those by which the backend is asked.</summary>
public sealed class Section4_3_Revalidation
{
    private const string Tagged = "Cache-Control: max-age=60\nETag: \"1\"\nContent-Type: text/x\nX-Own: a";

    // 4.3.2.
    [Fact]
    public void A_client_that_has_the_answer_gets_304_without_a_call()
    {
        using var api = new FreshApi();
        api.Answers(Tagged, "body").Get();
        Assert.Equal("", api.Get("If-None-Match: \"0\", W/\"1\""));
        Assert.Equal((304, 1), (api.Status, api.Calls));
        Assert.Equal(("\"1\"", "max-age=60", "0", null), (api.Field("ETag"), api.Field("Cache-Control"), api.Field("Age"), api.Field("Content-Type")));
        Assert.Equal("body", api.Get("If-None-Match: \"2\""));
        Assert.Equal((200, 1), (api.Status, api.Calls));
        Assert.Equal("", api.Send("HEAD", "If-None-Match: *"));
        Assert.Equal(304, api.Status);
    }

    [Theory]
    [InlineData("Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", 304)]
    [InlineData("Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT", "Sun, 22 Nov 2026 11:59:59 GMT", 200)]
    [InlineData("X-Own: 1", "Sun, 22 Nov 2026 13:00:00 GMT", 304)] // when it came
    [InlineData("X-Own: 1", "Sun, 22 Nov 2026 12:59:59 GMT", 200)]
    public void A_client_that_has_it_since_a_date_gets_304(string stored, string since, int status)
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60\n" + stored, "body").Get();
        api.Get("If-Modified-Since: " + since);
        Assert.Equal((status, 1), (api.Status, api.Calls));
    }

    [Fact]
    public void A_condition_that_meets_nothing_stored_goes_to_the_backend()
    {
        using var api = new FreshApi();
        api.Answers("ETag: \"1\"", status: 304).Get("If-None-Match: \"1\"");
        Assert.Equal((304, "\"1\""), (api.Status, api.Upstream.Field("If-None-Match")));
        Assert.Equal("body", api.Answers(Tagged, "body").Get());
    }

    // 4.3.1, 4.3.4.
    [Fact]
    public void An_expired_answer_is_asked_for_by_its_validators_and_made_fresh_by_a_304()
    {
        using var api = new FreshApi();
        api.Answers(Tagged + "\nLast-Modified: Sun, 22 Nov 2026 12:00:00 GMT\nServer: old\nX-Gone: b", "body").Get();
        api.Advance(70);
        api.Answers("Cache-Control: max-age=30\nETag: \"1\"\nX-Own: c\nX-Own: d\nServer: new\nContent-Type: text/y\nConnection: x-gone, close\nX-Gone: e", status: 304);
        Assert.Equal("body", api.Get("If-None-Match: \"0\"\nIf-Modified-Since: Sun, 22 Nov 2026 11:00:00 GMT"));
        Assert.Equal((200, 2), (api.Status, api.Calls));
        Assert.Equal(("\"1\"", "Sun, 22 Nov 2026 12:00:00 GMT"), (api.Upstream.Field("If-None-Match"), api.Upstream.Field("If-Modified-Since")));
        Assert.Equal(("c|d", "new", "text/x", "max-age=30", "b", "0"),
            (api.Field("X-Own"), api.Field("x-amzn-Remapped-Server"), api.Field("Content-Type"), api.Field("Cache-Control"), api.Field("X-Gone"), api.Field("Age")));
        Assert.True(api.Upstream.WasReadToItsEnd);
        api.Advance(29);
        Assert.Equal("body", api.Get());
        Assert.Equal((2, "29", "c|d"), (api.Calls, api.Field("Age"), api.Field("X-Own")));
        api.Advance(1);
        Assert.Equal("body", api.Get("If-None-Match: \"1\"".Replace("1", "x", StringComparison.Ordinal)));
        Assert.Equal((3, "2"), (api.Calls, api.Counted("revalidated")));
    }

    [Fact]
    public void A_client_that_has_what_the_backend_confirms_gets_304()
    {
        using var api = new FreshApi();
        api.Answers(Tagged, "body").Get();
        api.Advance(70);
        Assert.Equal("", api.Answers("", status: 304).Get("If-None-Match: \"1\""));
        Assert.Equal((304, 2), (api.Status, api.Calls));
        Assert.Equal("body", api.Get());
        Assert.Equal((200, 2), (api.Status, api.Calls));
    }

    [Fact]
    public void A_new_answer_takes_the_place_of_the_expired_one()
    {
        using var api = new FreshApi();
        api.Answers(Tagged, "old").Get();
        api.Advance(70);
        Assert.Equal("new", api.Answers("Cache-Control: max-age=60\nETag: \"2\"", "new").Get());
        Assert.Equal("new", api.Answers("", "newer").Get("If-None-Match: \"1\""));
        Assert.Equal("", api.Get("If-None-Match: \"2\""));
        Assert.Equal((304, 2), (api.Status, api.Calls));
    }

    [Fact]
    public void An_answer_with_no_cache_is_stored_and_asked_for_each_time()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: no-cache\nETag: \"1\"", "body").Get();
        api.Answers("", status: 304);
        Assert.Equal("body", api.Get());
        Assert.Equal("body", api.Get());
        Assert.Equal((3, "\"1\""), (api.Calls, api.Upstream.Field("If-None-Match")));
    }

    [Fact]
    public void A_variant_is_asked_for_by_its_own_tag()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60\nVary: X-Own\nETag: \"a\"", "a").Get("X-Own: a");
        api.Answers("Cache-Control: max-age=60\nVary: X-Own\nETag: \"b\"", "b").Get("X-Own: b");
        api.Advance(60);
        api.Answers("Cache-Control: max-age=60\nETag: \"b\"", status: 304);
        Assert.Equal("b", api.Get("X-Own: b"));
        Assert.Equal("\"b\"", api.Upstream.Field("If-None-Match"));
        Assert.Equal("b", api.Get("X-Own: b"));
        Assert.Equal(3, api.Calls);
        Assert.Equal("a", api.Answers("", status: 304).Get("X-Own: a"));
        Assert.Equal("\"a\"", api.Upstream.Field("If-None-Match"));
    }

    [Fact]
    public void A_304_about_another_answer_makes_nothing_fresh()
    {
        using var api = new FreshApi();
        api.Answers(Tagged, "body").Get();
        api.Advance(60);
        Assert.Equal("body", api.Answers("Cache-Control: max-age=60\nETag: \"2\"", status: 304).Get());
        Assert.Equal("new", api.Answers(Tagged, "new").Get());
    }

    [Fact]
    public void A_304_that_forbids_storing_makes_nothing_fresh()
    {
        using var api = new FreshApi();
        api.Answers(Tagged, "body").Get();
        api.Advance(60);
        Assert.Equal("body", api.Answers("Cache-Control: no-store", status: 304).Get());
        Assert.Equal("new", api.Answers(Tagged, "new").Get());
    }

    [Fact]
    public void After_its_time_an_expired_answer_is_forgotten()
    {
        using var api = new FreshApi("rfc9111: true, keepExpired: 10");
        api.Answers(Tagged, "body").Get();
        api.Advance(70);
        Assert.Equal("new", api.Answers(Tagged, "new").Get());
        Assert.Null(api.Upstream.Field("If-None-Match"));
    }

    [Fact]
    public void A_mapped_integration_is_asked_anew_because_its_304_is_no_answer_of_the_method()
    {
        using var api = new FreshApi(integration: "type: http\nresponses: {default: {statusCode: '200', responseParameters: {method.response.header.ETag: \"'x'\", method.response.header.Last-Modified: integration.response.header.Last-Modified, method.response.header.Cache-Control: \"'max-age=60'\"}}}");
        api.Answers("Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT", "1").Get();
        api.Advance(60);
        Assert.Equal("2", api.Answers("", "2").Get());
        Assert.Null(api.Upstream.Field("If-Modified-Since"));
    }

    // RFC 5861, 4.
    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    public void An_expired_answer_stands_in_for_a_failure_where_it_may(int status)
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60, stale-if-error=30", "old").Get();
        api.Answers("", "failed", status).Advance(60);
        Assert.Equal("old", api.Get());
        Assert.Equal((200, "60", "1"), (api.Status, api.Field("Age"), api.Counted("stale")));
        api.Advance(30);
        Assert.Equal("failed", api.Get());
        Assert.Equal(status, api.Status);
    }

    [Theory]
    [InlineData(UpstreamOutcome.ConnectFailed)]
    [InlineData(UpstreamOutcome.TimedOut)]
    [InlineData(UpstreamOutcome.Reset)]
    public void It_stands_in_for_a_backend_that_does_not_answer(UpstreamOutcome outcome)
    {
        using var api = new FreshApi("rfc9111: true, staleIfError: 30");
        api.Answers("Cache-Control: max-age=60\nETag: \"1\"", "old").Get();
        api.Fails(outcome).Advance(60);
        Assert.Equal("old", api.Get());
        Assert.Equal("", api.Get("If-None-Match: \"1\""));
        Assert.Equal(304, api.Status);
        api.Advance(30);
        api.Get();
        Assert.Equal(504, api.Status);
    }

    [Theory]
    [InlineData("Cache-Control: max-age=60, must-revalidate")]
    [InlineData("Cache-Control: s-maxage=60")]
    [InlineData("Cache-Control: max-age=60, stale-if-error=0")]
    public void It_does_not_where_the_answer_forbids_it(string fields)
    {
        using var api = new FreshApi("rfc9111: true, staleIfError: 30");
        api.Answers(fields + "\nETag: \"1\"", "old").Get();
        api.Answers("", "failed", 503).Advance(60);
        Assert.Equal("failed", api.Get());
    }

    // RFC 5861, 3.
    [Fact]
    public void An_expired_answer_is_served_at_once_and_the_new_one_to_the_next()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60, stale-while-revalidate=30\nETag: \"1\"", "old").Get("X-Own: 1");
        api.Advance(60);
        api.Answers("Cache-Control: max-age=60\nETag: \"2\"", "new");
        Assert.Equal("old", api.Get("X-Own: 2"));
        Assert.Equal((2, "1", "\"1\"", "2"), (api.Calls, api.Counted("stale"), api.Upstream.Field("If-None-Match"), api.Upstream.Field("X-Own")));
        Assert.Equal("new", api.Answers("", "newer").Get());
        Assert.Equal((2, "0"), (api.Calls, api.Field("Age")));
        Assert.Equal("1", api.Metric("""edgeproxy_cache_refreshes_total{result="refreshed"}"""));
    }

    [Theory]
    [InlineData("HEAD", "")]
    [InlineData("GET", "If-None-Match: \"1\"")]
    [InlineData("GET", "Cache-Control: max-age=1000, only-if-cached")]
    [InlineData("GET", "Cache-Control: no-store")]
    public void Whoever_is_served_the_expired_one_has_a_whole_new_one_fetched(string method, string fields)
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60, stale-while-revalidate=30", "old").Get();
        api.Advance(60);
        api.Answers("Cache-Control: max-age=60", "new").Send(method, fields);
        Assert.Equal((2, "GET", null), (api.Calls, api.Upstream.Method, api.Upstream.Field("If-None-Match")));
        Assert.Equal("new", api.Answers("", "newer").Get());
        Assert.Equal(2, api.Calls);
    }

    [Fact]
    public void One_fetch_at_a_time_makes_it_new_and_a_304_does_so_too()
    {
        using var api = new FreshApi("rfc9111: true, staleWhileRevalidate: 30, coalesce: true");
        api.Answers("Cache-Control: max-age=60\nETag: \"1\"", "old").Get();
        api.Advance(60);
        api.Upstream.Waits = true;
        Assert.Equal("old", api.Get());
        Assert.Equal("old", api.Get());
        Assert.Equal("old", api.Get());
        Assert.Equal(2, api.Calls);
        api.Answers("Cache-Control: max-age=60\nETag: \"1\"", status: 304);
        api.Upstream.Respond();
        api.Loop.Run();
        Assert.Equal("old", api.Get());
        Assert.Equal(("0", 2, "1"), (api.Field("Age"), api.Calls, api.Counted("hit")));
    }

    [Fact]
    public void A_fetch_that_fails_leaves_the_expired_one_to_be_served_while_it_may()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60, stale-while-revalidate=30", "old").Get();
        api.Fails(UpstreamOutcome.ConnectFailed).Advance(60);
        Assert.Equal("old", api.Get());
        Assert.Equal("old", api.Get());
        Assert.Equal((3, "2"), (api.Calls, api.Metric("""edgeproxy_cache_refreshes_total{result="failed"}""")));
        api.Advance(30);
        api.Get();
        Assert.Equal(504, api.Status);
    }

    [Fact]
    public void No_more_are_fetched_anew_at_a_time_than_the_setting_says()
    {
        using var api = new FreshApi(settings: new EdgeProxy.Gateway.Snapshots.GatewaySettings { Cache = new EdgeProxy.Gateway.Snapshots.CacheLimits { Refreshes = 0 } });
        api.Answers("Cache-Control: max-age=60, stale-while-revalidate=30", "old").Get();
        api.Advance(60);
        Assert.Equal("old", api.Get());
        Assert.Equal((1, "1"), (api.Calls, api.Metric("""edgeproxy_limit_hits_total{limit="cache.refreshes"}""")));
    }
}

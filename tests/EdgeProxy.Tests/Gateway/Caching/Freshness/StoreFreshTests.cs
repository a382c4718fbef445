using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Caching.Freshness;

/// <summary>What one client sends and no key has must not decide what another is served.</summary>
public sealed class StoreFreshTests : IDisposable
{
    private readonly TestGateway _gateway = new() { CachePolicy = new CachePolicy { Rules = FreshnessRules.Default } };

    public void Dispose()
    {
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
        _gateway.Dispose();
    }

    [Fact]
    public void What_differs_in_nothing_is_served_again()
    {
        Serve(TestGateway.Proxy("http://backend/"));
        Assert.Equal(("one", "one"), (Get("", "one"), Get("", "two")));
    }

    [Theory]
    [InlineData("X-Original-URL: /admin")]
    [InlineData("X-Rewrite-URL: /admin")]
    [InlineData("X-HTTP-Method: HEAD")]
    [InlineData("X-Method-Override: HEAD")]
    [InlineData("X-HTTP-Method-Override: HEAD")]
    [InlineData("Content-Length: 3")]
    public void What_a_backend_may_take_for_another_request_fills_nothing(string field)
    {
        Serve(TestGateway.Proxy("http://backend/"));
        Assert.Equal(("evil", "good"), (Get(field, "evil", "x=y"), Get("", "good")));
        Assert.Equal(("other", "good"), (Get(field, "other", "x=y"), Get("", "more")));
    }

    [Theory]
    [InlineData("method.request.header.X-User")]
    [InlineData("context.identity.sourceIp")]
    public void What_a_mapping_makes_the_target_of_and_no_key_has_is_not_shared(string source)
    {
        Serve(TestGateway.Proxy("http://backend/", parameters: [TestGateway.Map("integration.request.querystring.user", source)]));
        Assert.Equal(("one", "two"), (Get("X-User: 1", "one"), Get("X-User: 2", "two")));
    }

    [Fact]
    public void What_is_in_the_key_may_be_mapped_to_the_target()
    {
        Assert.True(ValueSource.TryParseRequest("method.request.header.x-user", [], out ValueSource? user));
        _gateway.CacheKey = new CacheKeyPlan { Parts = [new CacheKeyPart("method.request.header.x-user", user!)] };
        Serve(TestGateway.Proxy("http://backend/", parameters: [TestGateway.Map("integration.request.querystring.user", "method.request.header.X-User"), TestGateway.Map("integration.request.querystring.q", "method.request.querystring.q")]));
        Assert.Equal(("one", "two"), (Get("X-User: 1", "one"), Get("X-User: 2", "two")));
        Assert.Equal(("one", "two"), (Get("X-User: 1", "more"), Get("X-User: 2", "more")));
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Accept, x-forwarded-port")]
    public void What_varies_by_a_field_that_the_gateway_says_itself_is_not_shared(string names)
    {
        Serve(TestGateway.Proxy("http://backend/"));
        Assert.Equal(("one", "two"), (Get("", "one", vary: names), Get("", "two", vary: names)));
    }

    private void Serve(IntegrationPlan integration)
    {
        StagePlan stage = _gateway.Route("GET /a", integration).Stage();
        var store = new CacheStore(new CacheStoreOptions { Budget = 8 * 4096, SegmentSize = 4096 });
        _gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Cache = store });
    }

    private string Get(string field, string answer, string body = "", string vary = "")
    {
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nCache-Control: max-age=60\n{(vary.Length == 0 ? "" : $"Vary: {vary}\n")}Content-Length: {answer.Length}", answer);
        return _gateway.Send($"GET /a HTTP/1.1\nHost: node{(field.Length == 0 ? "" : "\n" + field)}", body.Length == 0 ? [] : [body]).SentText;
    }
}

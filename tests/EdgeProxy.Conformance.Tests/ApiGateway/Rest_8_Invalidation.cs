using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Operations;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 8: entries that clients pass by with <c>Cache-Control: max-age=0</c>, and flushes.</summary>
public sealed class Rest_8_Invalidation : IDisposable
{
    private const string Refresh = "GET /pets/1 HTTP/1.1\nHost: node\nCache-Control: max-age=0";
    private const string Warning = "199 Cache-control headers were ignored because the caller was unauthorized.";

    private readonly CachedApi _api = new();

    public void Dispose() => _api.Dispose();

    [Fact]
    public void Without_the_flag_the_entry_is_bypassed_and_replaced()
    {
        _api.Serve(CachedApi.Document(), Stage(requires: false));
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal("answer 2", _api.Get(Refresh));
        Assert.Null(_api.Exchange.ResponseField("Warning"));
        Assert.Equal("answer 2", _api.Get());
        Assert.Equal(("1", "1", "1"), (_api.Counted("miss"), _api.Counted("refresh"), _api.Counted("hit")));
    }

    [Theory]
    [InlineData("max-age=0", true)]
    [InlineData("no-transform, max-age=0", true)]
    [InlineData("no-transform,MAX-AGE=0 ,no-store", true)]
    [InlineData("no-transform\nCache-Control: max-age=0", true)]
    [InlineData("max-age=1", false)]
    [InlineData("max-age=00", false)]
    [InlineData("no-cache", false)]
    [InlineData("xmax-age=0", false)]
    public void Only_max_age_0_asks_for_it_alone_or_in_a_list(string value, bool asks)
    {
        _api.Serve(CachedApi.Document(), Stage(requires: false));
        _api.Get();
        Assert.Equal(asks ? "answer 2" : "answer 1", _api.Get($"GET /pets/1 HTTP/1.1\nHost: node\nCache-Control: {value}"));
    }

    [Fact]
    public void An_unauthorized_caller_gets_the_cached_answer_and_a_warning_by_default()
    {
        _api.Serve(CachedApi.Document());
        _api.Get();
        Assert.Equal("answer 1", _api.Get(Refresh));
        Assert.Equal(Warning, _api.Exchange.ResponseField("Warning"));
        Assert.Equal("answer 1", _api.Get());
        Assert.Null(_api.Exchange.ResponseField("Warning"));
    }

    [Fact]
    public void The_warning_is_said_of_a_miss_too_and_is_not_stored()
    {
        _api.Serve(CachedApi.Document());
        Assert.Equal("answer 1", _api.Get(Refresh));
        Assert.Equal(Warning, _api.Exchange.ResponseField("Warning"));
        Assert.Equal("answer 1", _api.Get());
        Assert.Null(_api.Exchange.ResponseField("Warning"));
    }

    [Fact]
    public void An_unauthorized_caller_gets_the_cached_answer_without_a_word()
    {
        _api.Serve(CachedApi.Document(), Stage(strategy: UnauthorizedCacheControlStrategy.SucceedWithoutResponseHeader));
        _api.Get();
        Assert.Equal("answer 1", _api.Get(Refresh));
        Assert.Null(_api.Exchange.ResponseField("Warning"));
    }

    [Fact]
    public void An_unauthorized_caller_gets_403()
    {
        _api.Serve(CachedApi.Document(), Stage(strategy: UnauthorizedCacheControlStrategy.FailWith403));
        _api.Get();
        Assert.Equal("{\"message\":\"Unauthorized\"}", _api.Get(Refresh));
        Assert.Equal(403, _api.Exchange.Response.Status);
        Assert.Equal("AccessDeniedException", _api.Exchange.ResponseField("x-amzn-ErrorType"));
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal(1, _api.Calls);
    }

    [Fact]
    public void The_403_is_the_gateway_response_ACCESS_DENIED()
    {
        _api.Serve(
            CachedApi.Document().Replace("paths:", "x-amazon-apigateway-gateway-responses: {ACCESS_DENIED: {statusCode: 418, responseTemplates: {application/json: 'no $context.error.message'}}}\npaths:", StringComparison.Ordinal),
            Stage(strategy: UnauthorizedCacheControlStrategy.FailWith403));
        Assert.Equal("no Unauthorized", _api.Get(Refresh));
        Assert.Equal(418, _api.Exchange.Response.Status);
    }

    [Fact]
    public void Where_nothing_is_cached_nobody_is_refused()
    {
        _api.Serve(CachedApi.Document(verb: "post"), Stage(strategy: UnauthorizedCacheControlStrategy.FailWith403));
        Assert.Equal("answer 1", _api.Get("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0\nCache-Control: max-age=0"));
        Assert.Null(_api.Exchange.ResponseField("Warning"));
    }

    [Fact]
    public void A_method_s_own_setting_takes_the_place_of_the_stage_s()
    {
        StageDefinition stage = Stage(strategy: UnauthorizedCacheControlStrategy.FailWith403);
        _api.Serve(CachedApi.Document(), stage with { MethodSettings = [.. stage.MethodSettings, new() { ResourcePath = "/pets/{id}", Verb = "GET", RequireAuthorizationForCacheControl = false }] });
        _api.Get();
        Assert.Equal("answer 2", _api.Get(Refresh));
    }

    [Fact]
    public void A_flush_empties_the_cache_of_one_stage()
    {
        string document = CachedApi.Document();
        _api.Node.Deploy(null, (document, CachedApi.Stage()), (document, CachedApi.Stage()));
        _api.Get("GET /pets/1 HTTP/1.1");
        _api.Get("GET /api1/pets/1 HTTP/1.1");
        Assert.Equal(1, FlushCache.Run(_api.Node.Gateway.Snapshots, "API0", "prod"));
        Assert.Equal("answer 3", _api.Get("GET /pets/1 HTTP/1.1"));
        Assert.Equal("answer 3", _api.Get("GET /pets/1 HTTP/1.1"));
        Assert.Equal("answer 2", _api.Get("GET /api1/pets/1 HTTP/1.1"));
    }

    [Fact]
    public void A_flush_finds_an_API_by_its_name_and_says_how_many_stages_it_emptied()
    {
        string document = CachedApi.Document();
        _api.Node.Deploy(null, (document, CachedApi.Stage()), (document, CachedApi.Stage()));
        Assert.Equal(2, FlushCache.Run(_api.Node.Gateway.Snapshots, "Pets"));
        Assert.Equal(0, FlushCache.Run(_api.Node.Gateway.Snapshots, "api0", "test"));
        Assert.Equal(0, FlushCache.Run(_api.Node.Gateway.Snapshots, "nobody"));
    }

    [Fact]
    public void What_was_asked_for_before_a_flush_is_not_stored_after_it()
    {
        _api.Serve(CachedApi.Document());
        _api.Node.Gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 3").Add(Http.Messages.BodyStatus.Data, "o");
        _api.Node.Gateway.Upstream.Waits = true;
        _api.Node.Gateway.Start("GET /pets/1 HTTP/1.1");
        FlushCache.Run(_api.Node.Gateway.Snapshots, "api0");
        _api.Node.Gateway.Upstream.Respond();
        _api.Node.Gateway.Upstream.Add(Http.Messages.BodyStatus.End, "ld");
        _api.Node.Gateway.Loop.Run();
        Assert.Equal("old", _api.Exchange.SentText);
        _api.Node.Gateway.Upstream.Waits = false;
        Assert.Equal("answer 1", _api.Get());
    }

    private static StageDefinition Stage(bool requires = true, UnauthorizedCacheControlStrategy strategy = default) =>
        CachedApi.Stage(CachedApi.All with { RequireAuthorizationForCacheControl = requires, UnauthorizedCacheControlHeaderStrategy = strategy });
}

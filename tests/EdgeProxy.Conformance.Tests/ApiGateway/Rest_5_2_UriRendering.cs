using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.2, and the safety of architecture.md 5.</summary>
public sealed class Rest_5_2_UriRendering : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/pets/7", "/v1/7")]
    [InlineData("/pets/a%20b", "/v1/a%20b")]
    [InlineData("/pets/%41", "/v1/A")]
    [InlineData("/pets/a%2Fb", "/v1/a%2Fb")]
    [InlineData("/pets/a+b", "/v1/a+b")]
    [InlineData("/pets/%25", "/v1/%25")]
    [InlineData("/pets/%252e%252e", "/v1/%252e%252e")]
    [InlineData("/pets/%0d%0aX", "/v1/%0D%0AX")]
    [InlineData("/pets/test%2Balias@gmail.com", "/v1/test+alias@gmail.com")]
    [InlineData("/pets/%3Fa%23b", "/v1/%3Fa%23b")]
    public void A_path_value_is_decoded_once_and_encoded_again(string path, string target)
    {
        _gateway.Route("GET /pets/{id}", Proxy("http://backend/v1/{x}", parameters: [Map("integration.request.path.x", "method.request.path.id", "id")])).Serve();
        _gateway.Send($"GET {path} HTTP/1.1");
        Assert.Equal(target, _gateway.Upstream.Target);
    }

    [Theory]
    [InlineData("/a/b/c", "/base/a/b/c")]
    [InlineData("/a//b/", "/base/a//b")]
    [InlineData("/a%2Fb/c", "/base/a%2Fb/c")]
    public void A_greedy_value_keeps_its_slashes_and_its_coded_slashes_apart(string path, string target)
    {
        _gateway.Route("GET /{proxy+}", Proxy("http://backend/base/{proxy}", parameters: [Map("integration.request.path.proxy", "method.request.path.proxy", "proxy")])).Serve();
        _gateway.Send($"GET {path} HTTP/1.1");
        Assert.Equal(target, _gateway.Upstream.Target);
    }

    [Theory]
    [InlineData("http://${stageVariables.host}/a", "/a")]
    [InlineData("http://backend/${stageVariables.dir}/x?q=${stageVariables.dir}", "/d1/x?q=d1")]
    [InlineData("http://backend/${stageVariables.unknown}x", "/x")]
    public void Stage_variables_stand_everywhere(string uri, string target)
    {
        _gateway.Route("GET /", Proxy(uri)).Serve(variables: [("host", "backend"), ("dir", "d1")]);
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal("backend", _gateway.Upstream.Called!.Host);
        Assert.Equal(target, _gateway.Upstream.Target);
    }

    [Fact]
    public void A_placeholder_that_stays_unresolved_is_an_invalid_endpoint()
    {
        _gateway.Route("GET /", Proxy("http://backend/{id}"))
            .Route("GET /q", Proxy("http://backend/{id}", parameters: [Map("integration.request.path.id", "method.request.querystring.id")])).Serve();
        Assert.Equal("{\"message\": \"Internal server error\"}", _gateway.Send("GET / HTTP/1.1").SentText);
        Assert.Equal(500, _gateway.Send("GET /q HTTP/1.1").Response.Status);
        _gateway.Send("GET /q?id=7 HTTP/1.1");
        Assert.Equal("/7?id=7", _gateway.Upstream.Target);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("%2e%2e")]
    public void A_mapped_value_makes_no_dot_segment(string value)
    {
        _gateway.Route("GET /", Proxy("http://backend/base/{id}/x", parameters: [Map("integration.request.path.id", "method.request.querystring.id")])).Serve();
        FakeExchange answer = _gateway.Send($"GET /?id={value} HTTP/1.1");
        Assert.Equal(400, answer.Response.Status);
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Fact]
    public void A_value_from_elsewhere_makes_no_segments_and_no_query()
    {
        _gateway.Route("GET /", Proxy("http://backend/base/{id}/x", parameters: [Map("integration.request.path.id", "method.request.header.Id")])).Serve();
        _gateway.Send("GET / HTTP/1.1\nHost: node\nId: ../../admin?x=1#y");
        Assert.Equal(400, _gateway.Exchange.Response.Status);
        _gateway.Send("GET / HTTP/1.1\nHost: node\nId: a/b?x=1#y");
        Assert.Equal("/base/a%2Fb%3Fx=1%23y/x", _gateway.Upstream.Target);
    }

    [Theory]
    [InlineData("http://backend/p", "", "/p?m=v%2F1")]
    [InlineData("http://backend/p?own=1", "", "/p?own=1&m=v%2F1")]
    [InlineData("http://backend/p?own=1", "?c=2&e", "/p?own=1&c=2&e&m=v%2F1")]
    [InlineData("http://backend/p", "?m=foobar", "/p?m=foobar&m=v%2F1")]
    [InlineData("http://backend/p?", "?c=%7E+x", "/p?c=%7E+x&m=v%2F1")]
    public void A_proxys_query_is_the_uris_own_then_the_clients_then_the_mapped(string uri, string query, string target)
    {
        _gateway.Route("GET /", Proxy(uri, parameters: [Map("integration.request.querystring.m", "'v/1'")])).Serve();
        _gateway.Send($"GET /{query} HTTP/1.1");
        Assert.Equal(target, _gateway.Upstream.Target);
    }

    [Fact]
    public void An_http_integrations_query_is_the_uris_own_and_the_mapped_alone()
    {
        _gateway.Route("GET /", HttpBackend("http://backend/p?own=1", parameters: [Map("integration.request.querystring.m", "method.request.querystring.q")])).Serve();
        _gateway.Send("GET /?q=a%20b&other=1 HTTP/1.1");
        Assert.Equal("/p?own=1&m=a+b", _gateway.Upstream.Target);
    }

    [Fact]
    public void A_target_that_grows_beyond_64_KB_is_refused()
    {
        string value = new('\u00e9', 9000);
        _gateway.Route("GET /", Proxy("http://backend/", parameters:
        [
            Map("integration.request.querystring.a", "method.request.header.X"), Map("integration.request.querystring.b", "method.request.header.X"),
            Map("integration.request.querystring.c", "method.request.header.X"),
        ])).Serve();
        Assert.Equal(414, _gateway.Send($"GET / HTTP/1.1\nHost: node\nX: {value}").Response.Status);
    }
}

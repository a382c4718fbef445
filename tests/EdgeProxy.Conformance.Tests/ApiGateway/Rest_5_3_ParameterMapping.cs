using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.3, a row each.</summary>
public sealed class Rest_5_3_ParameterMapping : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    // HTTP/2 has lower-case names only, so case cannot tell names apart there (decision 0025).
    [Theory]
    [InlineData("method.request.header.X-One", "last")]
    [InlineData("method.request.header.x-one", "last")]
    [InlineData("method.request.multivalueheader.X-One", "first,last")]
    [InlineData("method.request.header.X-Two", null)]
    public void A_header_that_came_by_HTTP_2_is_found_in_any_case(string source, string? expected)
    {
        _gateway.Route("GET /", HttpBackend("http://backend/", parameters: [Map("integration.request.header.Out", source)])).Serve();
        _gateway.Exchange.Receive("GET / HTTP/1.1\nHost: node\nx-one: first\nx-one: last", []);
        _gateway.Exchange.Request.Version = 20;
        _gateway.Handle();
        Assert.Equal(expected, _gateway.Upstream.Field("Out"));
    }

    [Theory]
    [InlineData("method.request.path.id", "a b")]
    [InlineData("method.request.querystring.q", "2")]
    [InlineData("method.request.querystring.Q", null)]
    [InlineData("method.request.querystring.coded name", "ok")]
    [InlineData("method.request.querystring.empty", null)]
    [InlineData("method.request.multivaluequerystring.q", "1,2")]
    [InlineData("method.request.header.X-One", "last")]
    [InlineData("method.request.header.x-one", null)]
    [InlineData("method.request.multivalueheader.X-One", "first,last")]
    [InlineData("method.request.header.Connection", null)]
    [InlineData("method.request.header.Host", "node:1234")]
    [InlineData("stageVariables.v", "value")]
    [InlineData("stageVariables.V", null)]
    [InlineData("'literal text'", "literal text")]
    [InlineData("context.stage", "prod")]
    [InlineData("context.apiId", "abcde12345")]
    [InlineData("context.httpMethod", "GET")]
    [InlineData("context.resourcePath", "/pets/{id}")]
    [InlineData("context.resourceId", "res0")]
    [InlineData("context.deploymentId", "dep1")]
    [InlineData("context.path", "/pets/a%20b")]
    [InlineData("context.protocol", "HTTP/1.1")]
    [InlineData("context.identity.sourceIp", "192.168.0.1")]
    [InlineData("context.identity.userAgent", "agent/1")]
    [InlineData("context.identity.user", null)]
    [InlineData("context.domainName", "node")]
    [InlineData("context.requestTime", "22/Nov/2026:13:00:00 +0000")]
    [InlineData("context.requestTimeEpoch", "1795352400000")]
    public void A_source_gives_its_value_or_the_parameter_is_not_sent(string source, string? expected)
    {
        _gateway.Route("GET /pets/{id}", HttpBackend("http://backend/", parameters: [Map("integration.request.header.Out", source, "id"), Map("integration.request.querystring.out", source, "id")]))
            .Serve(variables: ("v", "value"));
        _gateway.Send("GET /pets/a%20b?q=1&q=2&coded%20name=ok&empty HTTP/1.1\nHost: node:1234\nUser-Agent: agent/1\nX-One: first\nX-One: last\nConnection: keep-alive");
        Assert.Equal(expected, _gateway.Upstream.Field("Out"));
        if (expected is null) Assert.Equal("/", _gateway.Upstream.Target);
    }

    [Fact]
    public void All_values_of_a_query_parameter_are_repeated_in_the_outgoing_query()
    {
        _gateway.Route("GET /", HttpBackend("http://backend/", parameters: [Map("integration.request.querystring.all", "method.request.multivaluequerystring.q")])).Serve();
        _gateway.Send("GET /?q=1;q=2&p=0&q=3 HTTP/1.1");
        Assert.Equal("/?all=1&all=2&all=3", _gateway.Upstream.Target);
    }

    [Fact]
    public void A_mapped_header_replaces_the_clients_and_an_empty_one_leaves_it()
    {
        _gateway.Route("GET /", Proxy("http://backend/", parameters: [Map("integration.request.header.X-A", "'mapped'"), Map("integration.request.header.X-B", "method.request.header.None")])).Serve();
        _gateway.Send("GET / HTTP/1.1\nHost: node\nx-a: client\nX-B: client");
        Assert.Equal("mapped", _gateway.Upstream.Field("X-A"));
        Assert.Equal("client", _gateway.Upstream.Field("X-B"));
    }

    [Fact]
    public void A_value_with_a_line_end_is_left_out()
    {
        _gateway.Route("GET /", Proxy("http://backend/", parameters: [Map("integration.request.header.X-A", "method.request.querystring.q")])).Serve();
        FakeExchange answer = _gateway.Send("GET /?q=a%0d%0aX-Evil:%201 HTTP/1.1");
        Assert.Equal(200, answer.Response.Status);
        Assert.Null(_gateway.Upstream.Field("X-A"));
        Assert.Null(_gateway.Upstream.Field("X-Evil"));
    }

    [Theory]
    [InlineData("method.request.bodyname")]
    [InlineData("method.request.body.name[?(")]
    [InlineData("context.authorizer.")]
    [InlineData("context.nothing")]
    [InlineData("literal")]
    [InlineData("'")]
    [InlineData("")]
    public void What_is_no_source_is_refused_when_the_plan_is_built(string source)
    {
        Assert.False(ValueSource.TryParseRequest(source, [], out _));
    }
}

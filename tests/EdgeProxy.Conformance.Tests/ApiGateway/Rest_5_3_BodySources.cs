using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.3: values that mappings take out of the request's body.</summary>
public sealed class Rest_5_3_BodySources : IDisposable
{
    private const string Body = """{"name":"Bob","n":2,"ok":true,"no":null,"tags":["a","b"],"addr":{"city":"Oslo"}}""";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("method.request.body.name", Body, "Bob")]
    [InlineData("method.request.body.n", Body, "2")]
    [InlineData("method.request.body.ok", Body, "true")]
    [InlineData("method.request.body.no", Body, null)]
    [InlineData("method.request.body.missing.x", Body, null)]
    [InlineData("method.request.body.tags[1]", Body, "b")]
    [InlineData("method.request.body.tags", Body, "[\"a\",\"b\"]")]
    [InlineData("method.request.body.addr", Body, "{\"city\":\"Oslo\"}")]
    [InlineData("method.request.body['addr'].city", Body, "Oslo")]
    [InlineData("method.request.body.tags[*]", Body, "[\"a\",\"b\"]")]
    [InlineData("method.request.body[0].a", " [{\"a\":\"x\"}]\n", "x")]
    [InlineData("method.request.body", "{\"a\": 1}\r\n", "{\"a\": 1}")]
    [InlineData("method.request.body", "plain text", "plain text")]
    [InlineData("method.request.body.name", "plain text", null)]
    [InlineData("method.request.body.name", "12", null)]
    [InlineData("method.request.body", "", "{}")]
    [InlineData("method.request.body.name", "", null)]
    public void A_value_of_the_body_is_sent_and_a_missing_one_is_not(string source, string body, string? expected)
    {
        Serve(source);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        FakeExchange answer = _gateway.Send($"POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: {body.Length}", body);
        Assert.Equal((200, expected), (answer.Response.Status, _gateway.Upstream.Field("X-Out")));
        Assert.Equal(body, _gateway.Upstream.Body);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    // The space of the specification's example is settled by architecture.md 5.
    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("[1,]")]
    [InlineData("'a'")]
    [InlineData("\"a")]
    [InlineData("{\"a\":1} x")]
    public void A_body_that_begins_like_JSON_and_is_none_is_400(string body)
    {
        foreach (string source in (string[])["method.request.body.a", "method.request.body"])
        {
            Serve(source);
            FakeExchange answer = _gateway.Send($"POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: {body.Length}", body);
            Assert.Equal((400, "{\"message\":\"Invalid JSON in request body\"}"), (answer.Response.Status, answer.SentText));
            Assert.Equal("BadRequestException", answer.ResponseField("x-amzn-ErrorType"));
            Assert.Null(_gateway.Upstream.Called);
        }
    }

    [Fact]
    public void Mappings_read_the_clients_body_and_not_what_the_template_makes_of_it()
    {
        _gateway.Serve(MappedApi.Http("{\"name\": \"other\"}", members: "requestParameters: {integration.request.header.X-Out: method.request.body.name}"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Send($"POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: {Body.Length}", Body);
        Assert.Equal(("Bob", "{\"name\": \"other\"}"), (_gateway.Upstream.Field("X-Out"), _gateway.Upstream.Body));
    }

    [Fact]
    public void A_value_that_is_longer_than_a_target_may_be_fails_the_request()
    {
        _gateway.Serve("type: http_proxy\nhttpMethod: POST\nuri: http://backend/v1\nrequestParameters: {integration.request.querystring.out: method.request.body}");
        string body = new('a', 70_000);
        Assert.Equal(414, _gateway.Send($"POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: {body.Length}", body).Response.Status);
    }

    [Fact]
    public void A_body_with_more_in_it_than_a_template_may_have_meets_the_limit()
    {
        _gateway.ServeDocument(MappedApi.Document(Integration("method.request.body.a")), new GatewaySettings { Templates = new TemplateLimits { Items = 3 } });
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 11", "[1,2,3,4,5]");
        Assert.Equal((500, "1"), (answer.Response.Status, _gateway.Metric("edgeproxy_limit_hits_total{limit=\"templates.items\"}")));
    }

    private static string Integration(string source) =>
        $"type: http_proxy\nhttpMethod: POST\nuri: http://backend/v1\nrequestParameters: {{integration.request.header.X-Out: \"{source}\"}}";

    private void Serve(string source) => _gateway.Serve(Integration(source));
}

using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.11: what overrides do to the messages on both sides.</summary>
public sealed class Rest_6_11_Applied : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("#set($context.requestOverride.header.X-Set = \"o\")", "X-Set", "o")]
    [InlineData("#set($context.requestOverride.header.x-mapped = \"o\")", "X-Mapped", "o")]
    [InlineData("#set($context.requestOverride.header.X-Mapped = \"\")", "X-Mapped", null)]
    [InlineData("#set($context.requestOverride.header.multi = [\"foo\", \"$input.params('id')\"])", "multi", "foo,42")]
    [InlineData("#set($context.requestOverride.header.User-Agent = \"own\")", "User-Agent", "own")]
    [InlineData("#set($context.requestOverride.header.Host = \"other\")", "Host", "other")]
    [InlineData("#set($context.requestOverride.header.Content-Type = \"text/x\")", "Content-Type", "text/x")]
    [InlineData("#set($context.requestOverride.header.TE = \"trailers\")", "TE", null)]
    [InlineData("nothing", "X-Mapped", "m")]
    public void A_request_header_takes_the_place_of_a_mapping(string template, string field, string? expected)
    {
        _gateway.Serve(MappedApi.Http(template, members: "requestParameters: {integration.request.header.X-Mapped: \"'m'\"}"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        Assert.Equal(200, _gateway.Send("POST /pets/42 HTTP/1.1\nHost: node\nContent-Type: application/json\nContent-Length: 0").Response.Status);
        Assert.Equal(expected, _gateway.Upstream.Field(field));
    }

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("transfer-encoding")]
    [InlineData("X-Amzn-Trace-Id")]
    [InlineData("X-Amzn-Apigateway-Api-Id")]
    public void A_forbidden_request_header_fails_the_request(string name)
    {
        _gateway.Serve(MappedApi.Http($"#set($context.requestOverride.header[\"{name}\"] = \"1\")"));
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((500, "{\"message\": \"Internal server error\"}"), (answer.Response.Status, answer.SentText));
        Assert.Null(_gateway.Upstream.Called);
    }

    // The names may be the client's words.
    [Theory]
    [InlineData("a%0D%0AX-Evil:%201")]
    [InlineData("a%20b")]
    [InlineData(":path")]
    [InlineData("%C3%BC")]
    public void A_name_that_no_field_has_is_left_out_on_both_sides(string name)
    {
        _gateway.Serve(MappedApi.Http(
            "#set($context.requestOverride.header[$input.params('q')] = \"1\")#set($context.responseOverride.header[$input.params('q')] = \"1\")#set($context.requestOverride.header.ok = \"x%0Ay\")x"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        FakeExchange answer = _gateway.Send($"POST /pets/1?q={name} HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal(200, answer.Response.Status);
        Assert.DoesNotContain(": 1\n", _gateway.Upstream.AllFields(), StringComparison.Ordinal);
        Assert.DoesNotContain(": 1\n", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_no_field_has_is_left_out_on_both_sides()
    {
        _gateway.Serve(MappedApi.Http("#set($context.requestOverride.header.X-A = $input.params('q'))#set($context.responseOverride.header.X-B = $input.params('q'))x"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        FakeExchange answer = _gateway.Send("POST /pets/1?q=a%0D%0AX-Evil:%201 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((200, null, null), (answer.Response.Status, _gateway.Upstream.Field("X-A"), answer.ResponseField("X-B")));
        Assert.Null(_gateway.Upstream.Field("X-Evil"));
    }

    [Fact]
    public void More_fields_than_a_head_holds_fail_the_request()
    {
        const string Many = "#foreach($i in [1..900])#set($context.{0}Override.header[\"X-$i\"] = \"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\")#end";
        _gateway.Serve(MappedApi.Http(Many.Replace("{0}", "request", StringComparison.Ordinal)));
        Assert.Equal(500, _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0").Response.Status);
        _gateway.Serve(MappedApi.Mock("{\"statusCode\": 200}", Many.Replace("{0}", "response", StringComparison.Ordinal)));
        Assert.Equal(500, _gateway.Send("GET /pets/1 HTTP/1.1").Response.Status);
    }

    [Theory]
    [InlineData("#set($context.requestOverride.querystring.a = \"x y\")", "/v1?m=1&a=x+y")]
    [InlineData("#set($context.requestOverride.querystring.m = \"2\")", "/v1?m=2")]
    [InlineData("#set($context.requestOverride.querystring.M = \"2\")", "/v1?m=1&M=2")]
    [InlineData("#set($context.requestOverride.querystring.a = [\"x\", \"y\"])", "/v1?m=1&a=x&a=y")]
    [InlineData("#set($context.requestOverride.querystring.m = \"\")", "/v1")]
    [InlineData("#set($n = $input.params('q'))#set($context.requestOverride.querystring[$n] = \"&=\")", "/v1?m=1&k%26=%26%3D")]
    public void A_query_parameter_takes_the_place_of_a_mapping(string template, string target)
    {
        _gateway.Serve(MappedApi.Http(template, members: "requestParameters: {integration.request.querystring.m: \"'1'\"}"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Send("POST /pets/42?q=k%26 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal(target, _gateway.Upstream.Target);
    }

    [Theory]
    [InlineData("#set($context.requestOverride.path.id = \"7\")", "integration.request.path.id: method.request.path.id", "/v1/7")]
    [InlineData("#set($context.requestOverride.path.id = \"7\")", null, "/v1/7")]
    [InlineData("#set($context.requestOverride.path.id = \"a/b c\")", null, "/v1/a%2Fb%20c")]
    [InlineData("#if(false)#set($context.requestOverride.path.id = \"7\")#end", "integration.request.path.id: method.request.path.id", "/v1/42")]
    public void A_path_parameter_fills_its_placeholder_mapped_or_not(string template, string? mapping, string target)
    {
        string members = mapping is null ? "" : $"requestParameters: {{{mapping}}}";
        _gateway.Serve(MappedApi.Http(template, members: members).Replace("http://backend/v1", "http://backend/v1/{id}", StringComparison.Ordinal));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Send("POST /pets/42 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal(target, _gateway.Upstream.Target);
    }

    [Theory]
    [InlineData("#if($context.requestOverride.path.id)#end", 500)]
    [InlineData("#set($context.requestOverride.path.id = \"..\")", 400)]
    public void A_placeholder_without_a_value_and_one_that_would_climb_fail_the_request(string template, int status)
    {
        _gateway.Serve(MappedApi.Http(template).Replace("http://backend/v1", "http://backend/v1/{id}", StringComparison.Ordinal));
        Assert.Equal(status, _gateway.Send("POST /pets/42 HTTP/1.1\nHost: node\nContent-Length: 0").Response.Status);
        Assert.Null(_gateway.Upstream.Called);
    }

    [Theory]
    [InlineData("#set($context.responseOverride.header.x-mapped = \"o\")", "X-Mapped", "o")]
    [InlineData("#set($context.responseOverride.header.X-New = [\"a\", \"b\"])", "X-New", "a,b")]
    [InlineData("#set($context.responseOverride.header.Content-Type = \"text/plain\")", "Content-Type", "text/plain")]
    [InlineData("#set($context.responseOverride.header.Server = \"s\")", "x-amzn-Remapped-Server", "s")]
    [InlineData("#set($context.responseOverride.header.WWW-Authenticate = \"Basic\")", "x-amzn-Remapped-WWW-Authenticate", "Basic")]
    [InlineData("#set($context.responseOverride.header.Transfer-Encoding = \"chunked\")", "Transfer-Encoding", null)]
    [InlineData("#set($context.responseOverride.header.X-Mapped = \"\")", "X-Mapped", null)]
    public void A_response_header_takes_the_place_of_a_mapping(string template, string field, string? expected)
    {
        const string Declared = "'200': {description: ok, headers: {X-Mapped: {schema: {type: string}}}}";
        _gateway.Serve(MappedApi.Http(responseTemplate: template, response: "responseParameters: {method.response.header.X-Mapped: \"'m'\"}"), Declared);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "{}");
        FakeExchange answer = _gateway.Send("POST /pets/42 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((200, expected), (answer.Response.Status, answer.ResponseField(field)));
    }

    [Theory]
    [InlineData("400", 400)]
    [InlineData("599", 599)]
    [InlineData("200", 200)]
    [InlineData("\"400\"", 200)]
    [InlineData("99", 200)]
    [InlineData("600", 200)]
    [InlineData("101", 200)]
    public void A_status_counts_only_as_an_integer_that_can_be_answered(string value, int expected)
    {
        _gateway.Serve(MappedApi.Http(responseTemplate: $"#set($context.responseOverride.status = {value})body"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "{}");
        FakeExchange answer = _gateway.Send("POST /pets/42 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((expected, "body"), (answer.Response.Status, answer.SentText));
    }

    [Fact]
    public void A_status_without_a_body_sends_none()
    {
        _gateway.Serve(MappedApi.Mock("{\"statusCode\": 200}", "#set($context.responseOverride.status = 204)body"));
        FakeExchange answer = _gateway.Send("GET /pets/42 HTTP/1.1");
        Assert.Equal((204, ""), (answer.Response.Status, answer.SentText));
    }

    [Fact]
    public void What_the_request_template_of_a_MOCK_sets_holds_without_a_response_template()
    {
        _gateway.Serve(MappedApi.Mock("#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X-A = \"$input.params('id')\"){\"statusCode\": 200}"));
        FakeExchange answer = _gateway.Send("GET /pets/42 HTTP/1.1");
        Assert.Equal((418, "42", ""), (answer.Response.Status, answer.ResponseField("X-A"), answer.SentText));
    }

    [Fact]
    public void The_response_template_sees_what_the_request_template_set()
    {
        _gateway.Serve(MappedApi.Mock(
            "#set($context.requestOverride.header.h = \"v\")#set($context.responseOverride.custom = {\"a\": [1, true]}){\"statusCode\": 200}",
            "$context.requestOverride.header.h $context.responseOverride.custom.a[1]"));
        Assert.Equal("v true", _gateway.Send("GET /pets/42 HTTP/1.1").SentText);
    }
}

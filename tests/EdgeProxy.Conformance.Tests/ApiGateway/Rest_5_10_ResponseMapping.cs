using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.10: where headers and body of a response that is no proxy's come from.</summary>
public sealed class Rest_5_10_ResponseMapping : IDisposable
{
    private const string Declared = "'200': {description: ok, headers: {X-Out: {schema: {type: string}}}}";
    private const string Body = """{"name":"Bob","tags":["a","b"],"addr":{"city":"Oslo"}}""";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("integration.response.header.X-One", "last")]
    [InlineData("integration.response.header.x-one", null)]
    [InlineData("integration.response.multivalueheader.X-One", "first,last")]
    [InlineData("integration.response.body", Body)]
    [InlineData("integration.response.body.name", "Bob")]
    [InlineData("integration.response.body.tags", "[\"a\",\"b\"]")]
    [InlineData("integration.response.body.tags[0]", "a")]
    [InlineData("integration.response.body.addr", "{\"city\":\"Oslo\"}")]
    [InlineData("integration.response.body.none", null)]
    [InlineData("stageVariables.v", "value")]
    [InlineData("context.stage", "prod")]
    [InlineData("'literal'", "literal")]
    public void A_source_gives_its_value_or_the_header_is_left_out(string source, string? expected)
    {
        _gateway.Serve(MappedApi.Http(response: $"responseParameters: {{method.response.header.X-Out: \"{source}\"}}"), Declared, ("v", "value"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nX-One: first\nX-One: last\nTransfer-Encoding: chunked", Body[..9], Body[9..]);
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((200, expected, Body), (answer.Response.Status, answer.ResponseField("X-Out"), answer.SentText));
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Theory]
    [InlineData("{\"name\":", 500)]
    [InlineData("'name'", 500)]
    [InlineData("name", 200)]
    [InlineData("", 200)]
    public void A_body_that_begins_like_JSON_and_is_none_is_500(string body, int status)
    {
        _gateway.Serve(MappedApi.Http(response: "responseParameters: {method.response.header.X-Out: integration.response.body.name}"), Declared);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", body);
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((status, status == 500 ? "{\"message\": \"Internal server error\"}" : body), (answer.Response.Status, answer.SentText));
        if (status == 500) Assert.Equal("InternalFailureException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Null(answer.ResponseField("X-Out"));
    }

    [Fact]
    public void Mappings_read_the_backends_body_and_not_what_the_template_makes_of_it()
    {
        _gateway.Serve(MappedApi.Http(responseTemplate: "{\"name\": \"$context.stage\"}", response: "responseParameters: {method.response.header.X-Out: integration.response.body.name}"), Declared);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", Body);
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal(("Bob", "{\"name\": \"prod\"}"), (answer.ResponseField("X-Out"), answer.SentText));
    }

    [Fact]
    public void A_mock_has_an_empty_body_for_mappings_too()
    {
        _gateway.Serve(MappedApi.Mock("{\"statusCode\": 200}", response: "responseParameters: {method.response.header.X-Out: integration.response.body.statusCode}"), Declared);
        Assert.Null(_gateway.Send("GET /pets/1 HTTP/1.1").ResponseField("X-Out"));
    }

    // The media type of the template that was taken is the Content-Type, but for $default (4.3).
    [Theory]
    [InlineData("application/json: '$context.stage json', text/plain: '$context.stage plain'", null, "prod json", "application/json")]
    [InlineData("application/json: '$context.stage json', text/plain: '$context.stage plain'", "text/plain", "prod plain", "text/plain")]
    [InlineData("application/json: '$context.stage json', text/plain: '$context.stage plain'", "text/plain;q=0.1, application/json", "prod plain", "text/plain")]
    [InlineData("application/json: '$context.stage json', text/plain: '$context.stage plain'", "text/html, text/plain", "prod json", "application/json")]
    [InlineData("text/plain: '$context.stage plain'", "application/json", "prod plain", "text/plain")]
    [InlineData("$default: '$context.stage default'", null, "prod default", "application/json")]
    [InlineData("application/json: '', text/plain: '$context.stage plain'", "image/png", "body", "application/json")]
    public void Accept_chooses_the_template(string templates, string? accept, string body, string contentType)
    {
        _gateway.Serve(MappedApi.Http(response: $"responseTemplates: {{{templates}}}"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: image/png\nContent-Length: 4", "body");
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0" + (accept is null ? "" : "\nAccept: " + accept));
        Assert.Equal((body, contentType), (answer.SentText, answer.ResponseField("Content-Type")));
    }

    [Fact]
    public void The_last_Accept_field_counts()
    {
        _gateway.Serve(MappedApi.Http(response: "responseTemplates: {application/json: 'j $context.stage', text/plain: 'p $context.stage'}"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 4", "body");
        Assert.Equal("p prod", _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0\nAccept: application/json\nAccept: text/plain").SentText);
    }
}

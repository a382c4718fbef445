using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.4, the table: which request template is taken, and when none is.</summary>
public sealed class Rest_5_4_TemplateChoice : IDisposable
{
    private const string Json = "application/json: '$input.params(\"id\") json'";
    private const string Xml = "application/xml: '$input.params(\"id\") xml'";
    private const string Default = "$default: '$input.params(\"id\") default'";
    private const string Empty = "application/json: ''";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    // Of each row: WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER; null is 415.
    [Theory]
    [InlineData("", "application/json", "body", "body", null)]
    [InlineData("", null, "body", "body", null)]
    [InlineData(Json, null, "7 json", "7 json", "7 json")]
    [InlineData(Json, "application/json", "7 json", "7 json", "7 json")]
    [InlineData(Json, "application/json ; charset=utf-8", "7 json", "7 json", "7 json")]
    [InlineData(Json, "Application/JSON", "body", null, null)]
    [InlineData(Json, "application/xml", "body", null, null)]
    [InlineData(Xml, null, "body", null, null)]
    [InlineData(Xml, "application/json", "body", null, null)]
    [InlineData(Xml, "application/xml", "7 xml", "7 xml", "7 xml")]
    [InlineData(Json + ", " + Xml, "application/xml", "7 xml", "7 xml", "7 xml")]
    [InlineData(Default, "text/plain", "7 default", "7 default", "7 default")]
    [InlineData(Json + ", " + Default, "text/plain", "7 default", "7 default", "7 default")]
    [InlineData(Json + ", " + Default, null, "7 json", "7 json", "7 json")]
    [InlineData(Empty, null, "body", "body", null)]
    public void A_row_of_the_table(string templates, string? contentType, string? noMatch, string? noTemplates, string? never)
    {
        foreach ((string behavior, string? expected) in ((string, string?)[])[("when_no_match", noMatch), ("when_no_templates", noTemplates), ("never", never)])
        {
            _gateway.Serve($"type: http\nhttpMethod: POST\nuri: http://backend/v1\nrequestTemplates: {{{templates}}}\npassthroughBehavior: {behavior}\nresponses: {{default: {{statusCode: 200}}}}");
            _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
            string type = contentType is null ? "" : $"\nContent-Type: {contentType}";
            FakeExchange answer = _gateway.Send($"POST /pets/7 HTTP/1.1\nHost: node{type}\nContent-Length: 4", "body");
            if (expected is null) Assert.Equal((415, "{\"message\":\"Unsupported Media Type\"}"), (answer.Response.Status, answer.SentText));
            else Assert.Equal((200, expected), (answer.Response.Status, _gateway.Upstream.Body));
        }
    }

    [Fact]
    public void The_rule_holds_for_a_GET_as_well()
    {
        _gateway.Serve($"type: http\nhttpMethod: GET\nuri: http://backend/v1\nrequestTemplates: {{{Xml}}}\npassthroughBehavior: never\nresponses: {{default: {{statusCode: 200}}}}");
        Assert.Equal(415, _gateway.Send("GET /pets/7 HTTP/1.1").Response.Status);
    }
}

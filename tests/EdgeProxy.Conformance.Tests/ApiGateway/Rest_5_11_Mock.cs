using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.11.</summary>
public sealed class Rest_5_11_Mock : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("{\"statusCode\": 404}", 404)]
    [InlineData("{statusCode: 404}", 404)]
    [InlineData("{\"statusCode\": -1000}", 599)]
    [InlineData("{\"statusCode\": 0}", 200)]
    [InlineData("{\"statusCode\": \"404\"}", 500)]
    [InlineData("{\"statusCode\": 404", 500)]
    [InlineData("nothing", 500)]
    public void The_status_in_the_request_template_chooses_the_response(string template, int expected)
    {
        _gateway.Route("GET /", new MockPlan
        {
            RequestTemplates = new RequestTemplates([new BodyTemplate("application/json", template)], PassthroughBehavior.Never),
            Responses = new ResponseSelection(
                [new ResponsePlan { Status = 200 }, new ResponsePlan { Status = 404 }, new ResponsePlan { Status = 599 }],
                static (i, text) => (i, text) is (1, "404") or (2, "-1000"), 0),
        }).Serve();
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(expected, answer.Response.Status);
        if (expected == 500) Assert.Equal("{\"message\": \"Internal server error\"}", answer.SentText);
        else Assert.Equal("", answer.SentText);
    }

    [Theory]
    [InlineData("{\"statusCode\": 201}", 201)]
    [InlineData("{}", 500)]
    public void Without_a_template_the_clients_body_says_the_status(string body, int expected)
    {
        _gateway.Route("POST /", new MockPlan
        {
            Responses = new ResponseSelection([new ResponsePlan { Status = 200 }, new ResponsePlan { Status = 201 }], static (i, text) => i == 1 && text == "201", 0),
        }, BodyNeed.Whole).Serve();
        FakeExchange answer = _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Length: {body.Length}", body[..1], body[1..]);
        Assert.Equal(expected, answer.Response.Status);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/xml", 415)]
    public void A_content_type_without_a_template_is_415_when_nothing_may_pass(string contentType, int expected)
    {
        _gateway.Route("POST /", new MockPlan
        {
            RequestTemplates = new RequestTemplates([new BodyTemplate("application/json", "{\"statusCode\": 200}")], PassthroughBehavior.Never),
            Responses = Single(new ResponsePlan { Status = 200 }),
        }).Serve();
        FakeExchange answer = _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Type: {contentType}\nContent-Length: 0");
        Assert.Equal(expected, answer.Response.Status);
    }

    [Theory]
    [InlineData("{\"statusCode\": $input.params('q')}", "404", 404)]
    [InlineData("{statusCode: $input.params('q')}", "200", 200)]
    [InlineData("{'statusCode': $input.params('q'),, }", "404", 404)]
    [InlineData("{\"statusCode\": $input.params('q')}", "-1000", 400)]
    [InlineData("{\"statusCode\": $input.params('q')}", "1000", 200)]
    [InlineData("{\"statusCode\": \"$input.params('q')\"}", "404", 500)]
    [InlineData("{\"statusCode\": $input.params('q')", "404", 500)]
    [InlineData("statusCode: $input.params('q')", "404", 500)]
    [InlineData("#if($input.params('q') == '404'){\"statusCode\": 404}#else{\"statusCode\": 200}#end", "404", 404)]
    [InlineData("{\"statusCode\": $input.path('$.code')}", "404", 500)]
    public void The_rendered_template_names_the_status(string template, string value, int expected)
    {
        _gateway.Serve(
            "type: mock\nrequestTemplates:\n  application/json: |\n    " + template + "\nresponses: {default: {statusCode: 200}, '404': {statusCode: 404}, '-.*': {statusCode: 400}}",
            "'200': {description: ok}\n'404': {description: none}\n'400': {description: odd}");
        FakeExchange answer = _gateway.Send($"GET /pets/1?q={value} HTTP/1.1");
        Assert.Equal((expected, expected == 500 ? "{\"message\": \"Internal server error\"}" : ""), (answer.Response.Status, answer.SentText));
        Assert.Null(answer.ResponseField("X-Amzn-Trace-Id"));
    }

    [Fact]
    public void The_response_template_sees_an_empty_body()
    {
        _gateway.Serve(MappedApi.Mock("{\"statusCode\": 200, \"a\": \"$input.path('$.a')\"}", "$input.body|$input.json('$')|$input.json('$.a')|[$input.path('$.a')]|$input.params('id')"));
        FakeExchange answer = _gateway.Send("POST /pets/7 HTTP/1.1\nHost: node\nContent-Length: 9", "{\"a\":\"x\"}");
        Assert.Equal("{}|{}|\"\"|[]|7", answer.SentText);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void Only_the_four_framing_names_are_remapped_from_a_mocks_mappings()
    {
        _gateway.Route("GET /", Mock(parameters: [MapBack("Server", "'s'"), MapBack("Authorization", "'a'"), MapBack("Transfer-Encoding", "'chunked'"), MapBack("Access-Control-Allow-Origin", "'*'")])).Serve();
        string fields = "\n" + _gateway.Send("GET / HTTP/1.1").ResponseFields();
        Assert.Contains("\nx-amzn-Remapped-Server: s\nAuthorization: a\nAccess-Control-Allow-Origin: *\n", fields, StringComparison.Ordinal);
        Assert.DoesNotContain("chunked", fields, StringComparison.Ordinal);
    }
}

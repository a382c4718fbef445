using System.Text;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 3.2: which customised answer is taken, its fields and its body.</summary>
public sealed class Rest_3_2_GatewayResponseCustomisation : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void The_worked_example_comes_out_to_the_byte()
    {
        FakeExchange answer = Send("GET /nope?q=1 HTTP/1.1", Response(
            "MISSING_AUTHENTICATION_TOKEN", 404,
            [("Access-Control-Allow-Origin", "'a.b.c'"), ("x-request-query", "method.request.querystring.q")],
            ("application/json", """{ "message": $context.error.messageString, "type": "$context.error.responseType", "stage": "$context.stage", "statusCode": "'404'" }""")));
        Assert.Equal(404, answer.Response.Status);
        Assert.Equal("""{ "message": "Missing Authentication Token", "type": "MISSING_AUTHENTICATION_TOKEN", "stage": "prod", "statusCode": "'404'" }""", answer.SentText);
        Assert.Matches(
            "^Access-Control-Allow-Origin: a.b.c\nx-request-query: 1\nContent-Type: application/json\nx-amzn-RequestId: [0-9a-f-]{36}\nx-amzn-ErrorType: MissingAuthenticationTokenException\nx-amz-apigw-id: .{16}\n$",
            answer.ResponseFields());
        Assert.Equal(answer.SentText.Length, answer.Response.ContentLength);
    }

    // Observed: AUTHORIZER_FAILURE with only a header kept its own status and body although DEFAULT_5XX had others.
    [Fact]
    public void A_customised_type_takes_nothing_from_its_family()
    {
        FakeExchange answer = Send(
            "GET / HTTP/1.1",
            Response("API_CONFIGURATION_ERROR", null, [("x-own", "'1'")]),
            Response("DEFAULT_5XX", 599, [("x-family", "'1'")], ("application/json", "family")));
        Assert.Equal(500, answer.Response.Status);
        Assert.Equal("{\"message\": \"Internal server error\"}", answer.SentText);
        Assert.Contains("x-own: 1\n", answer.ResponseFields(), StringComparison.Ordinal);
        Assert.DoesNotContain("x-family", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_is_not_customised_takes_its_family()
    {
        FakeExchange answer = Send("GET / HTTP/1.1", Response("DEFAULT_5XX", 599, [("x-family", "'1'")], ("application/json", "family")), Response("DEFAULT_4XX", 499, []));
        Assert.Equal(599, answer.Response.Status);
        Assert.Equal("family", answer.SentText);
        Assert.Contains("x-family: 1\n", answer.ResponseFields(), StringComparison.Ordinal);
        Assert.Contains("x-amzn-ErrorType: InternalServerErrorException\n", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_family_without_a_status_keeps_that_of_the_type()
    {
        FakeExchange answer = Send("GET /nope HTTP/1.1", Response("DEFAULT_4XX", null, [], ("text/plain", "no: ${context.error.message}.")));
        Assert.Equal(403, answer.Response.Status);
        Assert.Equal("no: Missing Authentication Token.", answer.SentText);
        Assert.Contains("Content-Type: text/plain\n", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_is_too_large_always_has_the_standard_form()
    {
        GatewayResponses responses = BuildGatewayResponses.Run(Api(Response("REQUEST_TOO_LARGE", 400, [("x-own", "'1'")]), Response("DEFAULT_4XX", 499, [])));
        Assert.Null(responses.PlanOrNull(Faults.Of(FaultKind.BodyTooLarge)));
        Assert.Equal(499, responses.PlanOrNull(Faults.Of(FaultKind.RouteNotFound))!.Status);
    }

    [Theory]
    [InlineData("'text'", "text")]
    [InlineData("method.request.header.X-In", "two")]
    [InlineData("method.request.multivalueheader.X-In", "one,two")]
    [InlineData("method.request.querystring.q", "b c")]
    [InlineData("method.request.multivaluequerystring.q", "a,b c")]
    [InlineData("method.request.path.id", "7")]
    [InlineData("method.input.params.id", "7")]
    [InlineData("method.input.params.q", "b c")]
    [InlineData("method.input.params.X-In", "two")]
    [InlineData("context.httpMethod", "GET")]
    [InlineData("stageVariables.colour", "blue")]
    [InlineData("method.request.header.Missing", null)]
    [InlineData("method.request.path.other", null)]
    [InlineData("stageVariables.missing", null)]
    public void A_field_takes_its_value_from_each_source_and_is_left_out_without_one(string source, string? value)
    {
        FakeExchange answer = Send("GET /pets/7?q=a&q=b+c HTTP/1.1\nHost: node\nX-In: one\nX-In: two", Response("DEFAULT_5XX", null, [("x-out", source)]));
        if (value is null) Assert.DoesNotContain("x-out", answer.ResponseFields(), StringComparison.Ordinal);
        else Assert.StartsWith($"x-out: {value}\n", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_parameter_has_no_value_where_no_route_matched()
    {
        FakeExchange answer = Send("GET /nope/7 HTTP/1.1", Response("DEFAULT_4XX", null, [("x-out", "method.request.path.id")], ("application/json", "[$method.request.path.id]")));
        Assert.Equal("[]", answer.SentText);
        Assert.DoesNotContain("x-out", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_no_field_may_have_is_left_out()
    {
        FakeExchange answer = Send("GET /pets/7?q=a%0d%0ax:1 HTTP/1.1", Response("DEFAULT_5XX", null, [("x-out", "method.request.querystring.q")]));
        Assert.DoesNotContain("x-out", answer.ResponseFields(), StringComparison.Ordinal);
        Assert.DoesNotContain("x:1", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no variables, 5 $ and $x and ${x} and $", "no variables, 5 $ and $x and ${x} and $")]
    [InlineData("#if(true)a#end ##", "#if(true)a#end ##")]
    [InlineData("$context.stage.", "prod.")]
    [InlineData("$context.stage's", "prod's")]
    [InlineData("$context.stage-$context.httpMethod-x", "prod-GET-x")]
    [InlineData("$stageVariables.colour-x|${stageVariables.colour-x}|$context.no-thing|", "blue-x|||")]
    [InlineData("$method.request.header.X-In-|$method.request.header.X-In-x", "h-|")]
    [InlineData("${context.stage}x", "prodx")]
    [InlineData("$context.nothing|${stageVariables.no}|$stageVariables.colour", "||blue")]
    [InlineData("$method.request.querystring.q $method.request.header.X-In", "1 h")]
    [InlineData("$input.params('q') ${input.params(\"id\")} $input.params('none')", "1 7 ")]
    [InlineData("$input.params('q' $input.path('$')", "$input.params('q' $input.path('$')")]
    [InlineData("$context.error.validationErrorString", "")]
    [InlineData("${context.stage", "${context.stage")]
    [InlineData("$context. $stageVariables", "$context. $stageVariables")]
    public void A_body_has_variables_and_nothing_else_of_the_template_language(string template, string body) =>
        Assert.Equal(body, Send("GET /pets/7?q=1 HTTP/1.1\nHost: node\nX-In: h", Response("API_CONFIGURATION_ERROR", null, [], ("application/json", template))).SentText);

    [Theory]
    [InlineData("text/xml", "xml", "text/xml")]
    [InlineData("text/xml;q=0.5, text/plain", "xml", "text/xml")]
    [InlineData("text/plain, text/xml", "json", "application/json")]
    [InlineData("*/*", "json", "application/json")]
    [InlineData(null, "json", "application/json")]
    public void The_body_is_chosen_by_the_first_accepted_type(string? accept, string body, string contentType)
    {
        string head = "GET / HTTP/1.1\nHost: node" + (accept is null ? "" : "\nAccept: " + accept);
        FakeExchange answer = Send(head, Response("DEFAULT_5XX", null, [], ("text/xml", "xml"), ("application/json", "json")));
        Assert.Equal(body, answer.SentText);
        Assert.StartsWith($"Content-Type: {contentType}\n", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q=%ff", "[\uFFFD]")]
    [InlineData("q=a%ffb%c3", "[a\uFFFDb\uFFFD]")]
    [InlineData("q=%e2%82(%c3%bc", "[\uFFFD(\u00FC]")]
    [InlineData("q=%c3%bc", "[\u00FC]")]
    public void What_is_no_text_becomes_replacement_characters_in_a_body(string query, string body)
    {
        FakeExchange answer = Send("GET /pets/7?" + query + " HTTP/1.1", Response("DEFAULT_5XX", null, [], ("application/json", "[$method.request.querystring.q]")));
        Assert.Equal(body, Encoding.UTF8.GetString(answer.Sent));
        Assert.Equal(answer.Sent.Length, answer.Response.ContentLength);
    }

    [Theory]
    [InlineData("method.request.body")]
    [InlineData("method.request.body.name")]
    public void A_body_is_no_source_of_a_gateway_response(string source)
    {
        var problems = new ProblemList();
        BuildGatewayResponses.Check(Api(Response("THROTTLED", null, [("x-out", source)])), problems);
        Assert.Equal(ProblemCode.BadMapping, Assert.Single(problems).Code);
        Assert.Equal("[]", Send("GET / HTTP/1.1", Response("DEFAULT_5XX", null, [], ("application/json", $"[${source}]"))).SentText);
    }

    [Fact]
    public void Without_a_match_and_without_json_the_first_body_stored_is_taken()
    {
        FakeExchange answer = Send("GET / HTTP/1.1", Response("DEFAULT_5XX", null, [], ("text/xml", "xml"), ("text/plain", "plain")));
        Assert.Equal("xml", answer.SentText);
    }

    [Fact]
    public void A_mapped_field_replaces_the_one_with_its_name_and_none_that_frames_the_message_is_written()
    {
        FakeExchange answer = Send("GET / HTTP/1.1", Response(
            "DEFAULT_5XX", null, [("Content-Type", "'text/html'"), ("x-amzn-ErrorType", "'Mine'"), ("Content-Length", "'1'"), ("Transfer-Encoding", "'chunked'"), ("Connection", "'upgrade'")],
            ("application/json", "<p>")));
        Assert.Matches("^Content-Type: text/html\nx-amzn-ErrorType: Mine\nx-amzn-RequestId: .{36}\nx-amz-apigw-id: .{16}\n$", answer.ResponseFields());
        Assert.Equal(3, answer.Response.ContentLength);
    }

    [Fact]
    public void A_body_too_long_to_be_rendered_gives_the_standard_one()
    {
        FakeExchange answer = Send("GET / HTTP/1.1", Response("DEFAULT_5XX", null, [], ("text/plain", new string('x', 70_000))));
        Assert.Equal("{\"message\": \"Internal server error\"}", answer.SentText);
        Assert.StartsWith("Content-Type: application/json\n", answer.ResponseFields(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-out", "nonsense", ProblemCode.BadMapping)]
    [InlineData("x-out", "integration.response.header.X", ProblemCode.BadMapping)]
    [InlineData("x-out", "context.nobodyKnows", ProblemCode.NoEffect)]
    [InlineData("bad name", "'x'", ProblemCode.BadMapping)]
    [InlineData("Content-Length", "'x'", ProblemCode.NoEffect)]
    public void What_cannot_work_is_reported(string header, string source, ProblemCode code)
    {
        var problems = new ProblemList();
        BuildGatewayResponses.Check(Api(Response("DEFAULT_5XX", null, [(header, source)])), problems);
        Assert.Equal(code, Assert.Single(problems).Code);
    }

    private static ApiDefinition Api(params GatewayResponseDefinition[] responses) => new() { Id = "api", Name = "api", GatewayResponses = responses };

    private static GatewayResponseDefinition Response(string type, int? status, (string Name, string Source)[] fields, params (string MediaType, string Text)[] templates) => new(
        type, status,
        [.. fields.Select(field => new ParameterMappingDefinition("gatewayresponse.header." + field.Name, field.Source, null))],
        [.. templates.Select(template => new TemplateDefinition(template.MediaType, template.Text, null))], null);

    private FakeExchange Send(string head, params GatewayResponseDefinition[] responses)
    {
        _gateway.Responses = BuildGatewayResponses.Run(Api(responses));
        _gateway.Route("GET /", Proxy("nonsense")).Route("GET /pets/{id}", Proxy("nonsense")).Serve(variables: ("colour", "blue"));
        return _gateway.Send(head);
    }
}

using EdgeProxy.Compiler.Patterns;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation.Patterns;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.7 and 5.9 for Lambda behind an AWS integration: what the function gets, and how its answer is chosen by its error message.</summary>
public sealed class Rest_5_7_AwsIntegration : IDisposable
{
    private const string InternalServerError = "{\"message\": \"Internal server error\"}";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("", "{}")]
    [InlineData("12", "12")]
    public void Without_a_template_the_body_is_the_event(string body, string sent)
    {
        Serve(AwsLambda());
        Assert.Equal(200, Post(body).Response.Status);
        Assert.Equal(sent, _gateway.Functions.Event);
        Assert.Equal("arn:aws:lambda:eu-west-1:111122223333:function:pets", _gateway.Functions.Called!.Arn);
    }

    [Fact]
    public void A_template_makes_the_event()
    {
        Serve(AwsLambda(templates: new RequestTemplates([Vtl("""{"who": $input.json('$.name'), "stage": "$context.stage"}""")], PassthroughBehavior.Never)));
        Post("{\"name\":\"Bob\"}");
        Assert.Equal("""{"who": "Bob", "stage": "prod"}""", _gateway.Functions.Event);
    }

    [Fact]
    public void A_type_that_no_template_takes_is_415_where_nothing_may_pass()
    {
        Serve(AwsLambda(templates: new RequestTemplates([Vtl("{}")], PassthroughBehavior.Never)));
        Assert.Equal(415, _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Type: text/xml\nContent-Length: 2", "ab").Response.Status);
        Assert.Equal(0, _gateway.Functions.Calls);
    }

    [Fact]
    public void The_result_passes_as_JSON_whatever_it_is()
    {
        Serve(AwsLambda());
        _gateway.Functions.Answer("{\"statusCode\":404,", "\"wrong\":[1]}");
        FakeExchange answer = Post("{}");
        Assert.Equal("""{"statusCode":404,"wrong":[1]}""", answer.SentText);
        Assert.Equal(200, answer.Response.Status);
        Assert.Equal("application/json", answer.ResponseField("Content-Type"));
        Assert.Equal(_gateway.Functions.Trace, answer.ResponseField("X-Amzn-Trace-Id"));
        Assert.True(_gateway.Functions.IsReturned);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Theory]
    [InlineData("""{"errorMessage":"Error: Raising four hundred and five","errorType":"Error"}""", ".*four hundred.*", 405)]
    [InlineData("""{"errorMessage":"four hundred"}""", "four", 200)]
    [InlineData("""{"errorMessage":"four\nhundred"}""", ".*hundred", 200)]
    [InlineData("""{"errorMessage":"four\nhundred"}""", "(\\n|.)+hundred", 405)]
    [InlineData("""{"errorMessage":"\u00e9\u0065x"}""", "\u00e9ex", 405)]
    [InlineData("""{"errorMessage":"a"}""", "a|b", 405)]
    [InlineData("""{"errorMessage":"ab"}""", "a|b", 200)]
    [InlineData("""{"errorMessage":"4.5"}""", "4\\.5", 405)]
    [InlineData("""{"errorMessage":"[BadRequest] no"}""", "\\[BadRequest\\].*", 405)]
    [InlineData("""{"errorMessage":"BAD"}""", "(?i)bad", 405)]
    [InlineData("""{"errorMessage":7}""", "7", 200)]
    [InlineData("""{"errorMessage":"x","errorMessage":"y"}""", "y", 405)]
    [InlineData("""[{"errorMessage":"x"}]""", "x", 200)]
    [InlineData("""{"inner":{"errorMessage":"x"}}""", "x", 200)]
    [InlineData("""{"ok":true}""", ".+", 200)]
    [InlineData("""{"ok":true}""", ".*", 405)]
    [InlineData("\"errorMessage\"", ".+", 200)]
    [InlineData("{\"errorMessage\":", ".+", 200)]
    public void The_error_message_as_a_whole_chooses_the_response(string result, string pattern, int status)
    {
        Serve(AwsLambda(Selection((405, pattern), (200, null))));
        _gateway.Functions.Answer(result);
        _gateway.Functions.Outcome = FunctionOutcome.FunctionError;
        FakeExchange answer = Post("{}");
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal(result, System.Text.Encoding.UTF8.GetString(answer.Sent));
    }

    [Fact]
    public void The_first_of_several_that_match_is_taken_and_no_default_is_a_configuration_error()
    {
        Serve(AwsLambda(Selection((404, ".*gone.*"), (400, ".*"))));
        _gateway.Functions.Answer("""{"errorMessage":"it is gone"}""");
        Assert.Equal(404, Post("{}").Response.Status);
        _gateway.Functions.Answer("""{"errorMessage":"line\nline"}""");
        FakeExchange answer = Post("{}");
        Assert.Equal(500, answer.Response.Status);
        Assert.Equal(InternalServerError, answer.SentText);
    }

    [Fact]
    public void A_status_without_a_method_response_is_a_configuration_error()
    {
        Serve(AwsLambda(new MessageSelection([new ResponsePlan { Status = 200, IsDeclared = false }], [null])));
        Assert.Equal(InternalServerError, Post("{}").SentText);
    }

    [Fact]
    public void Parameters_and_templates_make_the_response_of_the_result()
    {
        Serve(AwsLambda(new MessageSelection(
            [
                new ResponsePlan
                {
                    Status = 400,
                    Parameters = [MapBack("X-Type", "integration.response.body.errorType"), MapBack("X-Error", "integration.response.header.X-Amz-Function-Error"), MapBack("X-Id", "integration.response.header.x-amzn-RequestId"), MapBack("Server", "'mine'")],
                    Templates = [Vtl("""{"message": "$input.path('$.errorMessage')"}""")],
                },
            ],
            [null])));
        _gateway.Functions.Outcome = FunctionOutcome.FunctionError;
        _gateway.Functions.Answer("""{"errorMessage":"no","errorType":"E"}""");
        FakeExchange answer = Post("{}");
        Assert.Equal((400, """{"message": "no"}"""), (answer.Response.Status, answer.SentText));
        Assert.Equal(("E", "Unhandled", "f-1", "mine"), (answer.ResponseField("X-Type"), answer.ResponseField("X-Error"), answer.ResponseField("X-Id"), answer.ResponseField("x-amzn-Remapped-Server")));
    }

    [Fact]
    public void Overrides_of_the_response_apply()
    {
        Serve(AwsLambda(new MessageSelection([new ResponsePlan { Status = 200, Templates = [Vtl("""#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X-A = "b")tea""")] }], [null])));
        FakeExchange answer = Post("{}");
        Assert.Equal((418, "tea", "b"), (answer.Response.Status, answer.SentText, answer.ResponseField("X-A")));
    }

    [Theory]
    [InlineData("'Event'", InvocationType.Event)]
    [InlineData("'RequestResponse'", InvocationType.RequestResponse)]
    [InlineData("method.request.header.X-Type", InvocationType.RequestResponse)]
    public void A_mapped_header_makes_the_call_asynchronous(string source, InvocationType type)
    {
        Serve(AwsLambda(parameters: [Map("integration.request.header.X-Amz-Invocation-Type", source)]));
        _gateway.Functions.Status = type == InvocationType.Event ? 202 : 200;
        _gateway.Functions.Answer("");
        FakeExchange answer = Post("{}");
        Assert.Equal(type, _gateway.Functions.Type);
        Assert.Equal((200, ""), (answer.Response.Status, answer.SentText));
    }

    [Fact]
    public void An_override_replaces_the_mapped_header()
    {
        Serve(AwsLambda(
            templates: new RequestTemplates([Vtl("""#set($context.requestOverride.header.X-Amz-Invocation-Type = "Event"){}""")], PassthroughBehavior.WhenNoMatch),
            parameters: [Map("integration.request.header.X-Amz-Invocation-Type", "'RequestResponse'")]));
        Post("{}");
        Assert.Equal(InvocationType.Event, _gateway.Functions.Type);
    }

    [Fact]
    public void A_client_context_is_handed_on()
    {
        Serve(AwsLambda(parameters: [Map("integration.request.header.X-Amz-Client-Context", "'eyJhIjoxfQ=='")]));
        Post("{}");
        Assert.Equal("eyJhIjoxfQ==", _gateway.Functions.ClientContext);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_client_context_that_no_field_can_hold_is_left_out()
    {
        Serve(AwsLambda(parameters: [Map("integration.request.header.X-Amz-Client-Context", "method.request.querystring.context")]));
        _gateway.Send("POST /?context=eyJhIjoxfQ%0d%0aX-Amz-Invocation-Type:%20Event HTTP/1.1\nHost: node\nContent-Length: 2", "{}");
        Assert.Equal(1, _gateway.Functions.Calls);
        Assert.Equal("", _gateway.Functions.ClientContext);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("Connection")]
    [InlineData("Expect")]
    [InlineData("TE")]
    [InlineData("Proxy-Authenticate")]
    [InlineData("content-length")]
    [InlineData("X-Amzn-Trace-Id")]
    public void A_forbidden_header_mapping_fails_the_request(string name)
    {
        Serve(AwsLambda(parameters: [Map("integration.request.header." + name, "'x'")]));
        FakeExchange answer = Post("{}");
        Assert.Equal((500, InternalServerError, "InternalServerErrorException"), (answer.Response.Status, answer.SentText, answer.ResponseField("x-amzn-ErrorType")));
        Assert.Equal(0, _gateway.Functions.Calls);
    }

    [Fact]
    public void An_event_that_is_no_JSON_is_Lambdas_400_and_goes_through_selection()
    {
        Serve(AwsLambda());
        FakeExchange answer = Post("{\"a\": 'x'}");
        Assert.Equal(200, answer.Response.Status);
        Assert.StartsWith("{\"Type\":\"User\",\"message\":\"Could not parse request body into json: ", answer.SentText, StringComparison.Ordinal);
        Assert.Equal(0, _gateway.Functions.Calls);
    }

    [Fact]
    public void What_the_service_itself_refuses_goes_through_selection_too()
    {
        Serve(AwsLambda());
        _gateway.Functions.Outcome = FunctionOutcome.BadEvent;
        _gateway.Functions.Status = 400;
        _gateway.Functions.Answer("""{"Type":"User","message":"no"}""");
        Assert.Equal("""{"Type":"User","message":"no"}""", Post("{}").SentText);
    }

    [Theory]
    [InlineData(FunctionOutcome.AccessDenied, 500)]
    [InlineData(FunctionOutcome.NotFound, 500)]
    [InlineData(FunctionOutcome.Throttled, 500)]
    [InlineData(FunctionOutcome.ServiceFailed, 500)]
    [InlineData(FunctionOutcome.TimedOut, 504)]
    public void Failures_of_the_call_do_not(FunctionOutcome outcome, int status)
    {
        Serve(AwsLambda());
        _gateway.Functions.Outcome = outcome;
        Assert.Equal(status, Post("{}").Response.Status);
    }

    [Fact]
    public void Another_method_than_POST_fails_every_call()
    {
        Serve(AwsLambda(isPost: false));
        Assert.Equal(500, Post("{}").Response.Status);
    }

    private static MessageSelection Selection(params (int Status, string? Pattern)[] rows)
    {
        var compiler = new PatternCompiler();
        TextPattern?[] patterns = [.. rows.Select(row => row.Pattern is null ? null : compiler.CompileWhole(row.Pattern))];
        Assert.All(rows.Zip(patterns), pair => Assert.Equal(pair.First.Pattern is null, pair.Second is null));
        return new MessageSelection([.. rows.Select(row => new ResponsePlan { Status = row.Status })], patterns);
    }

    private void Serve(LambdaPlan plan) => _gateway.Route("POST /", plan, BodyNeed.Whole).Serve();

    private FakeExchange Post(string body) => _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Length: {body.Length}", body);
}

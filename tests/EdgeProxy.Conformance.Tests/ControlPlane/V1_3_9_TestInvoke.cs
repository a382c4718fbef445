using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.TestInvocations;
using EdgeProxy.Http.Client;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.9: a test invocation runs what is written now, for real, and tells how it went.</summary>
public sealed class V1_3_9_TestInvoke : IDisposable
{
    private const string PetMock =
        """{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\": 200}"},"passthroughBehavior":"WHEN_NO_MATCH","timeoutInMillis":29000,"integrationResponses":{"200":{"statusCode":"200","responseTemplates":{"application/json":"{\"petId\": \"$input.params('petId')\"}"}}}}""";

    private const string Time = "Sun Nov 22 07:54:13 UTC 2026 : ";

    private readonly LoopHarness _loop = new();
    private readonly FakeUpstream _upstream;
    private readonly FakeFunctionClient _functions = new();
    private readonly ManagementHarness _harness;

    public V1_3_9_TestInvoke()
    {
        _upstream = new FakeUpstream(_loop);
        var clock = new SettableClock();
        var services = new LoopServices(new GatewayMetrics(new MetricRegistry(stripes: 1)), _upstream, accessLog: null, FastRandom.FromSeed(1), clock) { IsRehearsal = true, Functions = _functions };
        var test = new TestInvoke(new SnapshotHolder(), _loop, services);
        _harness = new ManagementHarness(RestApiRecords.Book("GET /", "!DELETE /pets"), given => given with { Test = test });
        Add("GET", "/pets/{petId}", PetMock);
    }

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void The_log_of_a_mock_is_the_recorded_one()
    {
        WireValue result = Run("GET", "/pets/{petId}", """{"pathWithQueryString":"/pets/123?foo=bar","body":"{\"foo\": \"bar\"}"}""");
        Assert.Equal((200L, """{"petId": "123"}"""), (result.NumberOf("status"), result.TextOf("body")));
        Assert.Equal("""{"Content-Type":"application/json"}""", result["headers"]!.ToString());
        Assert.Equal("""{"Content-Type":["application/json"]}""", result["multiValueHeaders"]!.ToString());
        Assert.Equal(0, result.NumberOf("latency"));
        string[] lines = result.TextOf("log")!.Split('\n');
        string id = lines[0]["Execution log for request ".Length..];
        Assert.Equal(
            [
                $"Execution log for request {id}",
                $"{Time}Starting execution for request: {id}",
                $"{Time}HTTP Method: GET, Resource Path: /pets/123",
                Time + "Method request path: {petId=123}",
                Time + "Method request query string: {foo=bar}",
                Time + "Method request headers: {}",
                Time + """Method request body before transformations: {"foo": "bar"}""",
                Time + """Method response body after transformations: {"petId": "123"}""",
                Time + "Method response headers: {Content-Type=application/json}",
                $"{Time}Successfully completed execution",
                $"{Time}Method completed with status: 200",
                "",
            ],
            lines);
        Assert.Equal(36, id.Length);
    }

    [Fact]
    public void Without_a_path_the_resources_own_is_the_path_and_one_that_does_not_match_leaves_its_values_empty()
    {
        Assert.Equal("""{"petId": "{petId}"}""", Run("GET", "/pets/{petId}", "").TextOf("body"));
        WireValue unmatched = Run("GET", "/pets/{petId}", """{"pathWithQueryString":"/other/way/1"}""");
        Assert.Equal("""{"petId": ""}""", unmatched.TextOf("body"));
        Assert.Contains("Method request path: {}\n", unmatched.TextOf("log"), StringComparison.Ordinal);
        Assert.Equal("200", Run("GET", "/", """{"pathWithQueryString":"no-slash"}""")["status"]!.Text);
    }

    [Fact]
    public void A_backend_is_called_and_its_lines_are_told()
    {
        Add("POST", "/orders", """{"type":"HTTP","httpMethod":"POST","uri":"http://${stageVariables.host}/orders","requestTemplates":{"application/json":"{\"got\": $input.json('$')}"},"requestParameters":{"integration.request.header.X-Who":"method.request.header.X-Who"},"timeoutInMillis":29000,"passthroughBehavior":"WHEN_NO_MATCH","integrationResponses":{"200":{"statusCode":"200","responseTemplates":{"application/json":"done"}}}}""", """{"requestParameters":{"method.request.header.X-Who":false}}""");
        _upstream.Answer("HTTP/1.1 200 OK\nX-Back: yes\nContent-Length: 5", "hello");
        WireValue result = Run("POST", "/orders", """{"body":"[1]","headers":{"X-Who":"me","Authorization":"Bearer s3cret"},"stageVariables":{"host":"backend.example:8081"}}""");
        Assert.Equal(("200", "done"), (result["status"]!.Text, result.TextOf("body")));
        Assert.Equal("""{"got": [1]}""", _upstream.Body);
        string log = result.TextOf("log")!;
        Assert.Contains(Time + "Method request headers: {X-Who=me, Authorization=***}\n", log, StringComparison.Ordinal);
        Assert.Contains(Time + "Endpoint request URI: http://backend.example:8081/orders\n", log, StringComparison.Ordinal);
        Assert.Contains("X-Who=me", LineOf(log, "Endpoint request headers: "), StringComparison.Ordinal);
        Assert.Contains(Time + """Endpoint request body after transformations: {"got": [1]}""" + "\n", log, StringComparison.Ordinal);
        Assert.Contains(Time + "Sending request to http://backend.example:8081/orders\n", log, StringComparison.Ordinal);
        Assert.Contains(Time + "Received response. Status: 200, Integration latency: 0 ms\n", log, StringComparison.Ordinal);
        Assert.Contains("X-Back=yes", LineOf(log, "Endpoint response headers: "), StringComparison.Ordinal);
        Assert.Contains(Time + "Endpoint response body before transformations: hello\n", log, StringComparison.Ordinal);
        Assert.Contains(Time + "Method response body after transformations: done\n", log, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", log, StringComparison.Ordinal);

        // Its trace is the first field.
        Assert.Equal("X-Amzn-Trace-Id", result["headers"]!.Members[0].Key);
        Assert.StartsWith(Time + "Method response headers: {X-Amzn-Trace-Id=Root=1-", LineOf(log, "Method response headers: "), StringComparison.Ordinal);
        Assert.True(_upstream.IsReturned);
    }

    [Fact]
    public void What_passes_as_it_is_is_told_when_it_has()
    {
        Add("ANY", "/p/{proxy+}", """{"type":"HTTP_PROXY","httpMethod":"ANY","uri":"http://backend.example/{proxy}","requestParameters":{"integration.request.path.proxy":"method.request.path.proxy"},"timeoutInMillis":29000}""", """{"requestParameters":{"method.request.path.proxy":true}}""");
        _upstream.Answer("HTTP/1.1 404 Not Found\nContent-Type: text/plain\nContent-Length: 4", "gone");
        WireValue result = Run("PUT", "/p/{proxy+}", """{"pathWithQueryString":"/p/a/b?x=1&x=2","multiValueHeaders":{"X-Many":["1","2"]},"body":"raw"}""");
        Assert.Equal(("404", "gone", "text/plain"), (result["status"]!.Text, result.TextOf("body"), result["headers"]!.TextOf("Content-Type")));
        string log = result.TextOf("log")!;
        int received = log.IndexOf("Endpoint response headers", StringComparison.Ordinal);
        int before = log.IndexOf(Time + "Endpoint response body before transformations: gone\n", StringComparison.Ordinal);
        int after = log.IndexOf(Time + "Method response body after transformations: gone\n", StringComparison.Ordinal);
        Assert.True(0 < received && received < before && before < after, log);
        Assert.Equal("http://backend.example:80", _upstream.Sent[^1].ToString());
        Assert.Contains("HTTP Method: PUT, Resource Path: /p/a/b\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_is_invoked_and_told_by_its_uri()
    {
        Add("POST", "/f", """{"type":"AWS_PROXY","httpMethod":"POST","uri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:pets/invocations","timeoutInMillis":29000}""");
        _functions.Answer("""{"statusCode":201,"headers":{"X-F":"1"},"body":"made"}""");
        WireValue result = Run("POST", "/f", """{"body":"in"}""");
        Assert.Equal(("201", "made", "1"), (result["status"]!.Text, result.TextOf("body"), result["headers"]!.TextOf("X-F")));
        string log = result.TextOf("log")!;
        Assert.Contains("Sending request to https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:pets/invocations\n", log, StringComparison.Ordinal);
        Assert.Contains("""Endpoint response body before transformations: {"statusCode":201,"headers":{"X-F":"1"},"body":"made"}""", log, StringComparison.Ordinal);
        Assert.Equal("pets", _functions.Called!.Name);
    }

    [Fact]
    public void A_backend_that_cannot_be_called_is_the_recorded_failure()
    {
        Add("GET", "/broken", """{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://${stageVariables.host}/","timeoutInMillis":29000}""");
        WireValue result = Run("GET", "/broken", """{"pathWithQueryString":"/broken"}""");
        Assert.Equal(("500", """{"message": "Internal server error"}"""), (result["status"]!.Text, result.TextOf("body")));
        Assert.Equal("InternalServerErrorException", result["headers"]!.TextOf("x-amzn-ErrorType"));
        string[] lines = result.TextOf("log")!.Split('\n');
        Assert.Equal(
            [Time + "Method request body before transformations: ", Time + "Execution failed due to configuration error: Invalid endpoint address", Time + "Method completed with status: 500", ""],
            lines[6..]);
    }

    [Fact]
    public void What_guards_a_method_and_what_deployments_say_does_not_matter()
    {
        Add("GET", "/guarded", PetMock, """{"apiKeyRequired":true,"authorizationType":"AWS_IAM"}""");
        Assert.Equal("200", Run("GET", "/guarded", "")["status"]!.Text);
        Assert.Equal(0, _harness.Store.Commits - 2); // the two that added methods
        Assert.Null(_harness.Book.ScopeOrNull(Scopes.RestApi(RestApiRecords.Api))!.All(Kinds.Deployment).FirstOrDefault());
    }

    [Fact]
    public void Required_parameters_are_asked_for()
    {
        _harness.Api.Change(static edit => edit.Put(Scopes.RestApi(RestApiRecords.Api), Kinds.RequestValidator, "val001", WireValue.NewObject().Set("id", "val001").Set("name", "params").Set("validateRequestParameters", true).Set("validateRequestBody", false)));
        Add("GET", "/asks", PetMock, """{"requestParameters":{"method.request.querystring.q":true},"requestValidatorId":"val001"}""");
        WireValue result = Run("GET", "/asks", "");
        Assert.Equal("400", result["status"]!.Text);
        Assert.EndsWith($"{Time}Missing required request parameters: [q]\n{Time}Method completed with status: 400\n", result.TextOf("log"), StringComparison.Ordinal);
        Assert.Equal("200", Run("GET", "/asks", """{"pathWithQueryString":"/asks?q=1"}""")["status"]!.Text);
    }

    [Fact]
    public void The_log_tells_what_a_model_has_against_a_body()
    {
        _harness.Api.Change(static edit => edit.Put(Scopes.RestApi(RestApiRecords.Api), Kinds.RequestValidator, "val002", WireValue.NewObject().Set("id", "val002").Set("name", "body").Set("validateRequestParameters", false).Set("validateRequestBody", true)));
        _harness.Api.Change(static edit => edit.Put(Scopes.RestApi(RestApiRecords.Api), Kinds.Model, "Named", WireValue.NewObject().Set("id", "mod001").Set("name", "Named").Set("contentType", "application/json").Set("schema", """{"type":"object","required":["name"]}""")));
        Add("POST", "/named", PetMock, """{"requestModels":{"application/json":"Named"},"requestValidatorId":"val002"}""");
        string refused = Run("POST", "/named", """{"body":"{}"}""").TextOf("log")!;
        Assert.EndsWith($$"""{{Time}}Request body does not match model schema for content type application/json: [object has missing required properties (["name"])]""" + $"\n{Time}Method completed with status: 400\n", refused, StringComparison.Ordinal);
        Assert.Contains("for content type application/json: [Unknown error parsing request body]\n", Run("POST", "/named", """{"body":"{"}""").TextOf("log"), StringComparison.Ordinal);
        Assert.Equal("200", Run("POST", "/named", """{"body":"{\"name\":1}"}""")["status"]!.Text);
    }

    [Theory]
    [InlineData("HTTP", "Content-Length")]
    [InlineData("HTTP_PROXY", "X-Amzn-Trace-Id")]
    [InlineData("AWS", "authorization")]
    [InlineData("AWS_PROXY", "TE")]
    public void The_log_names_the_header_that_no_mapping_may_have(string type, string header)
    {
        string uri = type.StartsWith("AWS", StringComparison.Ordinal)
            ? "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:pets/invocations" : "http://backend.example/";
        Add("POST", "/mapped", $$$"""{"type":"{{{type}}}","httpMethod":"POST","uri":"{{{uri}}}","requestParameters":{"integration.request.header.{{{header}}}":"'1'"},"timeoutInMillis":29000,"integrationResponses":{"200":{"statusCode":"200"} } }""");
        Assert.Contains($"{Time}Execution failed due to configuration error: {header} header already present\n", Run("POST", "/mapped", "").TextOf("log"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_not_found_as_recorded()
    {
        string root = IdOf("/");
        Assert.Equal("404 NotFoundException: Invalid Resource identifier specified", _harness.Fail($"POST /restapis/nope/resources/{root}/methods/GET", "{}"));
        Assert.Equal("404 NotFoundException: Invalid Resource identifier specified", _harness.Fail($"POST /restapis/{RestApiRecords.Api}/resources/nope/methods/GET", "{}"));
        Assert.Equal("404 NotFoundException: Invalid Method identifier specified", _harness.Fail($"POST /restapis/{RestApiRecords.Api}/resources/{root}/methods/PUT", "{}"));
        Assert.Equal("400 BadRequestException: No integration defined for method", _harness.Fail($"POST /restapis/{RestApiRecords.Api}/resources/{IdOf("/pets")}/methods/DELETE", "{}"));
    }

    [Theory]
    [InlineData("""{"pathWithQueryString":"/a\r\nX: y"}""")]
    [InlineData("""{"headers":{"X\r\nY":"1"}}""")]
    [InlineData("""{"headers":{"X":"1\r\n\r\nGET / HTTP/1.1"}}""")]
    [InlineData("""{"headers":{"":"1"}}""")]
    [InlineData("""{"headers":{"X Y":"1"}}""")]
    [InlineData("""{"pathWithQueryString":"/a b"}""")]
    [InlineData("""{"pathWithQueryString":"/%zz"}""")]
    public void A_request_that_is_none_is_refused(string body)
    {
        _harness.Call(Target("GET", "/"), body);
        Reply reply = _harness.Last!.Later is { } later ? _loop.Await(later(null)) : _harness.Last;
        Assert.True(reply.Error is ErrorType.BadRequestException || body.Contains("%zz", StringComparison.Ordinal), reply.Message);
    }

    [Fact]
    public void A_template_that_cannot_be_compiled_is_a_400_before_anything_is_called()
    {
        Add("GET", "/bad", """{"type":"MOCK","requestTemplates":{"application/json":"#if("},"integrationResponses":{"200":{"statusCode":"200"}}}""");
        (int status, WireValue answer) = _harness.Call(Target("GET", "/bad"), "{}");
        if (_harness.Last!.Later is { } later) answer = WireValue.Parse(_loop.Await(later(null)).Body.Span);
        Assert.True(status == 400 || answer.NumberOf("status") == 500, answer.ToString());
    }

    [Fact]
    public void The_function_of_a_token_authorizer_is_called_with_the_event_of_the_service()
    {
        Authorizer("""{"id":"auth01","name":"a","type":"TOKEN","authorizerUri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:${stageVariables.fn}/invocations","identitySource":"method.request.header.Auth","identityValidationExpression":"tok-[a-z]+"}""");
        _functions.Answer("""{"principalId":"ann","policyDocument":{"Version":"2012-10-17","Statement":[]},"context":{"n":1}}""");
        WireValue result = Authorize("""{"headers":{"auth":"tok-abc"},"stageVariables":{"fn":"judge"},"pathWithQueryString":"/pets?x=1"}""");
        Assert.Equal(("0", "ann", """{"Version":"2012-10-17","Statement":[]}"""), (result["clientStatus"]!.Text, result.TextOf("principalId"), result.TextOf("policy")));
        Assert.Equal("judge", _functions.Called!.Name);
        Assert.Equal($$"""{"type":"TOKEN","methodArn":"arn:aws:execute-api:us-east-1:000000000000:{{RestApiRecords.Api}}/ESTestInvoke-stage/GET/pets","authorizationToken":"tok-abc"}""", _functions.Event);
        string log = result.TextOf("log")!;
        Assert.StartsWith("Execution log for request ", log, StringComparison.Ordinal);
        Assert.Contains(Time + "Starting authorizer: auth01\n", log, StringComparison.Ordinal);
        Assert.Contains(Time + "Using valid authorizer policy for principal: ", log, StringComparison.Ordinal);
        Assert.DoesNotContain("tok-abc", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"headers":{"Auth":""}}""")]
    [InlineData("""{"headers":{"Auth":"xtok-abc"}}""")]
    public void A_token_that_is_missing_or_does_not_match_is_401_without_a_call(string body)
    {
        Authorizer("""{"id":"auth01","name":"a","type":"TOKEN","authorizerUri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations","identitySource":"method.request.header.Auth","identityValidationExpression":"tok-[a-z]+"}""");
        Assert.Equal("401", Authorize(body)["clientStatus"]!.Text);
        Assert.Equal(0, _functions.Calls);
    }

    [Fact]
    public void The_function_of_a_request_authorizer_gets_the_request_and_its_sources_are_told()
    {
        Authorizer("""{"id":"auth01","name":"a","type":"REQUEST","authorizerResultTtlInSeconds":300,"authorizerUri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations","identitySource":"method.request.header.Auth,method.request.querystring.q,stageVariables.s"}""");
        _functions.Answer("""{"principalId":"ann","policyDocument":{"Statement":[]}}""");
        Assert.Equal("401", Authorize("""{"headers":{"Auth":"1"}}""")["clientStatus"]!.Text);
        WireValue result = Authorize("""{"headers":{"Auth":"1"},"pathWithQueryString":"/a?q=2","stageVariables":{"s":"3"}}""");
        Assert.Equal("""{"Auth":["1"],"q":["2"],"s":["3"]}""", result["authorization"]!.ToString());
        WireValue sent = WireValue.Parse(_functions.EventBytes);
        Assert.Equal(("REQUEST", "/a", "GET", "2"), (sent.TextOf("type"), sent.TextOf("path"), sent.TextOf("httpMethod"), sent["queryStringParameters"]!.TextOf("q")));
        Assert.Equal(("3", "{}"), (sent["stageVariables"]!.TextOf("s"), sent["pathParameters"]!.ToString()));
    }

    [Theory]
    [InlineData("Unauthorized", true, "401")]
    [InlineData("unauthorized", true, "500")]
    [InlineData("not json", false, "500")]
    [InlineData("""{"principalId":"a"}""", false, "500")]
    [InlineData("""{"policyDocument":{"Statement":[]}}""", false, "500")]
    [InlineData("""{"principalId":"a","policyDocument":{"Statement":[]},"context":{"x":[1]}}""", false, "500")]
    public void Replies_are_judged_as_a_client_would_meet_them(string reply, bool fails, string status)
    {
        Authorizer("""{"id":"auth01","name":"a","type":"TOKEN","authorizerUri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations","identitySource":"method.request.header.Auth"}""");
        if (fails) _functions.Outcome = FunctionOutcome.FunctionError;
        _functions.Answer(fails ? $$"""{"errorMessage":"{{reply}}"}""" : reply);
        WireValue result = Authorize("""{"headers":{"Auth":"t"}}""");
        Assert.Equal(status, result["clientStatus"]!.Text);
        Assert.Null(result["policy"]);
        Assert.True(_functions.IsReturned);
    }

    [Fact]
    public void An_authorizer_that_is_not_run_is_refused_and_never_made_up()
    {
        Authorizer("""{"id":"auth01","name":"a","type":"JWT"}""");
        Assert.Equal("400 BadRequestException: Authorizers of type JWT are not run by this version, so that there is nothing to test.", _harness.Fail($"POST /restapis/{RestApiRecords.Api}/authorizers/auth01", "{}"));
        Assert.Equal("404 NotFoundException: Invalid Authorizer identifier specified", _harness.Fail($"POST /restapis/{RestApiRecords.Api}/authorizers/nope", "{}"));
        _functions.IsEmpty = true;
        Authorizer("""{"id":"auth01","name":"a","type":"TOKEN","authorizerUri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations","identitySource":"method.request.header.Auth"}""");
        Assert.Equal("500", Authorize("""{"headers":{"Auth":"t"}}""")["clientStatus"]!.Text);
    }

    private void Authorizer(string record) =>
        Assert.Null(_harness.Api.Change(edit => edit.Put(Scopes.RestApi(RestApiRecords.Api), Kinds.Authorizer, "auth01", WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(record)))));

    private WireValue Authorize(string body)
    {
        WireValue now = _harness.Do($"POST /restapis/{RestApiRecords.Api}/authorizers/auth01", body);
        if (_harness.Last!.Later is not { } later) return now;
        Reply reply = _loop.Await(later(null));
        _loop.ThrowUnhandled();
        return WireValue.Parse(reply.Body.Span);
    }

    private static string LineOf(string log, string start) => log.Split('\n').Single(line => line.Contains(" : " + start, StringComparison.Ordinal));

    private void Add(string verb, string path, string integration, string members = "{}") =>
        Assert.Null(_harness.Api.Change(edit => RestApiRecords.AddMethod(edit, verb, path, integration, members)));

    private string IdOf(string path) => RestApiRecords.IdOf(new BookEdit(_harness.Book), path)!;

    private string Target(string verb, string path) => $"POST /restapis/{RestApiRecords.Api}/resources/{IdOf(path)}/methods/{verb}";

    private WireValue Run(string verb, string path, string body)
    {
        (int status, WireValue json) = _harness.Call(Target(verb, path), body);
        Assert.True(_harness.Last!.Later is not null, $"{status} {json}");
        Reply reply = _loop.Await(_harness.Last.Later!(null));
        _loop.ThrowUnhandled();
        Assert.False(reply.IsFault, reply.Message);
        return WireValue.Parse(reply.Body.Span);
    }
}

using System.Text;
using System.Text.Json;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Operations;

public sealed class ExplainTests : IDisposable
{
    private readonly TestGateway _gateway = new();
    private readonly Explain _explain = new(TimeProvider.System);

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Walks_a_mock_to_its_end()
    {
        _gateway.Route("GET /health", TestGateway.Mock(body: """{"ok":true}""")).Serve();
        Explanation told = Run("GET", "/health");
        Assert.Equal(ExplainedEnd.Answered, told.End);
        // What a request has to do with answers that are stored is not rehearsed.
        Assert.Equal(Enum.GetNames<EdgeProxy.Gateway.WalkPhase>().Except(["AwaitFetch", "Revalidate"]), told.Phases.Select(static phase => phase.Name));
        Assert.Equal((200, """{"ok":true}""", 11L), (told.Response!.Status, told.Response.Body, told.Response.BodyBytes));
        Assert.Null(told.Integration);
        Assert.Equal("MOCK", Fact(told, "Integrate", "type"));
        Assert.Equal("200", Fact(told, "Integrate", "status"));
    }

    [Fact]
    public void Ends_at_an_HTTP_integration_with_the_request_that_would_be_sent()
    {
        _gateway.Route("POST /pets/{id}", TestGateway.Proxy("http://backend:9000/p/{id}", "PUT", [
            TestGateway.Map("integration.request.path.id", "method.request.path.id", "id"),
            TestGateway.Map("integration.request.header.X-Kind", "method.request.querystring.kind"),
        ])).Serve();
        Explanation told = Run("POST", "/pets/a%20b?kind=cat", body: "hello", headers: [("Connection", "X-Gone"), ("X-Gone", "1"), ("X-Kept", "2"), ("Content-Type", "text/plain")]);
        Assert.Equal(ExplainedEnd.AtIntegration, told.End);
        Assert.Null(told.Response);
        Assert.Equal(("PUT", "http://backend:9000/p/a%20b?kind=cat", "hello"), (told.Integration!.Method, told.Integration.Url, told.Integration.Body));
        Assert.Contains(new("X-Kind", "cat"), told.Integration.Headers);
        Assert.Contains(new("X-Kept", "2"), told.Integration.Headers);
        Assert.DoesNotContain(told.Integration.Headers, static field => field.Key == "X-Gone");
        Assert.Equal(ExplainedOutcome.Call, told.Phases[^1].Outcome);
        Assert.Equal("http://backend:9000", Fact(told, "Integrate", "upstream"));
        Assert.Equal([["id", "a%20b", "a b"]], Rows(told, "SelectRoute", "pathParameters"));
        Assert.Equal(
            [
                ["integration.request.path.id", "method.request.path.id", "a b", "set"],
                ["integration.request.header.X-Kind", "method.request.querystring.kind", "cat", "set"],
            ],
            Rows(told, "MapRequest", "mappings"));
        Assert.Contains(Rows(told, "MapRequest", "headersNotPassed"), static row => row[0] == "X-Gone" && row[1].StartsWith("Connection names it", StringComparison.Ordinal));
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Fact]
    public void Tells_which_target_a_request_would_go_to_and_takes_no_turn()
    {
        HttpProxyPlan plan = new()
        {
            Uri = UriTemplate.Parse("http://backend:9000/"), Method = "", KnownMethod = HttpMethod.Other,
            Upstream = new UpstreamPlan { Targets = [new TargetPlan(UriTemplate.Parse("10.0.0.1"), 1), new TargetPlan(UriTemplate.Parse("10.0.0.2"), 1)] },
        };
        _gateway.Route("GET /", plan).Serve();
        Explanation told = Run("GET", "/");
        Assert.Equal("http://backend:9000", Fact(told, "Integrate", "upstream"));
        string? target = Fact(told, "Integrate", "target");
        Assert.EndsWith(", one of 2 (in turn, by weight)", target, StringComparison.Ordinal);
        Assert.Equal(target, Fact(Run("GET", "/"), "Integrate", "target"));
        Assert.All(Assert.Single(_gateway.Snapshots.Current.Upstreams).Targets, static live => Assert.Equal((0, 0L), (live.Live.InFlight, live.Live.Picks)));
    }

    [Fact]
    public void Tells_who_is_left_out_and_why_a_circuit_refuses()
    {
        HttpProxyPlan plan = new()
        {
            Uri = UriTemplate.Parse("http://backend/"), Method = "", KnownMethod = HttpMethod.Other,
            Upstream = new UpstreamPlan
            {
                Targets = [new TargetPlan(UriTemplate.Parse("10.0.0.1"), 1), new TargetPlan(UriTemplate.Parse("10.0.0.2"), 1)],
                Adjust = static node => node with
                {
                    // For ever: the clock of an explanation is the machine's, and that of these requests the test's.
                    Ejection = node.Ejection with { Time = 1L << 61, MostTime = 1L << 61 },
                    Retries = node.Retries with { Backoff = 0 },
                    Circuit = node.Circuit with { FailurePercent = 50, LeastRequests = 8, OpenTime = 1L << 61, MostOpenTime = 1L << 61 },
                },
            },
        };
        _gateway.Route("GET /", plan).Serve();
        _gateway.Upstream.AllowsSeveral = true;
        _gateway.Upstream.Script = static name => name.Host == "10.0.0.1" ? (UpstreamOutcome.ConnectFailed, null) : (UpstreamOutcome.Ok, "HTTP/1.1 200 OK\nContent-Length: 0");
        for (int i = 0; i < 20; i++) _gateway.Send("GET / HTTP/1.1");
        Explanation told = Run("GET", "/");
        Assert.StartsWith("http://10.0.0.2:80, one of 2", Fact(told, "Integrate", "target"), StringComparison.Ordinal);
        Assert.StartsWith("http://10.0.0.1:80: it failed", Fact(told, "Integrate", "leftOut"), StringComparison.Ordinal);
        Assert.Equal("up to 2, on connect, reset, timeout", Fact(told, "Integrate", "attempts"));
        _gateway.Upstream.Script = static _ => (UpstreamOutcome.ConnectFailed, null);
        for (int i = 0; i < 40; i++) _gateway.Send("GET / HTTP/1.1");
        told = Run("GET", "/");
        Assert.Equal(503, told.Response!.Status);
        Assert.Contains("circuit is open", Fact(told, "Integrate", "why"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/function", "Connection")]
    [InlineData("/proxy", "TE")]
    public void Tells_which_mapping_a_function_may_not_have(string path, string header)
    {
        ParameterMapping[] mapping = [TestGateway.Map($"integration.request.header.{header}", "'1'")];
        _gateway.Route("GET /function", TestGateway.AwsLambda(parameters: mapping)).Route("GET /proxy", TestGateway.LambdaProxy(parameters: mapping)).Serve();
        Explanation told = Run("GET", path);
        Assert.Equal(500, told.Response!.Status);
        Assert.Equal([[$"integration.request.header.{header}", "'1'", "1", "forbidden: it fails the request"]], Rows(told, "MapRequest", "mappings"));
    }

    [Fact]
    public void Tells_that_a_signature_is_for_the_gateway_and_that_ids_are_its_own()
    {
        _gateway.Route("GET /", TestGateway.Proxy("http://backend/")).Route("GET /mock", TestGateway.Mock(parameters: [TestGateway.MapBack("x-amzn-RequestId", "'1'"), TestGateway.MapBack("x-amz-apigw-id", "'1'")])).Serve();
        Explanation told = Run("GET", "/", headers: [("Authorization", "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0")]);
        Assert.Contains(Rows(told, "MapRequest", "headersNotPassed"), static row => row[0] == "Authorization" && row[^1] == "it is a signature for the gateway");
        Assert.Equal(
            [["method.response.header.x-amzn-RequestId", "'1'", "1", "renamed to x-amzn-Remapped-x-amzn-RequestId"], ["method.response.header.x-amz-apigw-id", "'1'", "1", "ignored: the id is the gateway's own"]],
            Rows(Run("GET", "/mock"), "MapResponse", "mappings"));
    }

    [Fact]
    public void Goes_on_with_an_answer_that_is_given()
    {
        _gateway.Route("GET /", TestGateway.HttpBackend("http://backend/", responses: new ResponseSelection(
            [
                new ResponsePlan { Status = 404, Pattern = "4\\d\\d", Parameters = [TestGateway.MapBack("X-Why", "integration.response.header.X-Reason")] },
                new ResponsePlan { Status = 200 },
            ],
            static (index, status) => index == 0 && status.StartsWith('4'), defaultIndex: 1))).Serve();
        Explanation told = Run("GET", "/", answer: new ExplainAnswer { Status = 410, Headers = [new("X-Reason", "gone")], Body = "none"u8.ToArray() });
        Assert.Equal(ExplainedEnd.Answered, told.End);
        Assert.Equal("410", Fact(told, "Integrate", "status"));
        Assert.Equal(
            [["4\\d\\d", "404", "yes", "it matches 410"], ["default", "200", "no", "the default, for what no pattern matches"]],
            Rows(told, "MapResponse", "selection"));
        Assert.Equal([["method.response.header.X-Why", "integration.response.header.X-Reason", "gone", "set"]], Rows(told, "MapResponse", "mappings"));
        Assert.Equal((404, "none"), (told.Response!.Status, told.Response.Body));
        Assert.Contains(new("X-Why", "gone"), told.Response.Headers);
        Assert.NotNull(told.Integration);
    }

    [Fact]
    public void Hides_a_secret_that_a_mapping_holds_itself()
    {
        _gateway.Route("POST /", TestGateway.Proxy("http://backend/", "POST", [TestGateway.Map("integration.request.header.Authorization", "'Bearer operators-own-token'")])).Serve();
        string[] row = Assert.Single(Rows(Run("POST", "/"), "MapRequest", "mappings"));
        Assert.DoesNotContain("operators", string.Concat(row), StringComparison.Ordinal);
        Assert.EndsWith("-token'", row[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_which_mapped_headers_of_a_response_are_renamed_or_left_out()
    {
        ResponsePlan response = new() { Status = 200, Parameters = [TestGateway.MapBack("WWW-Authenticate", "'Basic'"), TestGateway.MapBack("Transfer-Encoding", "'gzip'"), TestGateway.MapBack("X-A", "'1'")] };
        _gateway.Route("GET /", TestGateway.HttpBackend("http://backend/", responses: TestGateway.Single(response))).Serve();
        Explanation told = Run("GET", "/", answer: new ExplainAnswer { Status = 200 });
        Assert.Equal(
            ["renamed to x-amzn-Remapped-WWW-Authenticate", "ignored: the gateway frames its answers itself", "set"],
            Rows(told, "MapResponse", "mappings").Select(static row => row[3]));
        Assert.Contains(new("x-amzn-Remapped-WWW-Authenticate", "Basic"), told.Response!.Headers);
        Assert.DoesNotContain(told.Response.Headers, static field => field.Key == "Transfer-Encoding");
    }

    [Fact]
    public void Says_of_each_route_why_it_was_not_taken()
    {
        _gateway
            .Route("GET /pets/dog", TestGateway.Mock())
            .Route("GET /pets/{id}", TestGateway.Mock())
            .Route("ANY /pets/dog", TestGateway.Mock())
            .Route("GET /{all+}", TestGateway.Mock())
            .Route("POST /pets/{id}", TestGateway.Mock())
            .Route("GET /pets/dog/tail", TestGateway.Mock())
            .Route("GET /pets/Dog", TestGateway.Mock())
            .Serve();
        Explanation told = Run("GET", "/pets/dog");
        Assert.Equal(
            [
                ["GET /pets/dog", "yes", "every segment literal"],
                ["GET /pets/{id}", "no", "at segment 2 the literal 'dog' comes before the parameter '{id}'"],
                ["ANY /pets/dog", "no", "the method itself comes before ANY"],
                ["GET /{all+}", "no", "at segment 1 the literal 'pets' comes before the greedy parameter '{all+}'"],
                ["POST /pets/{id}", "no", "the path matches, the method does not: it takes POST"],
                ["GET /pets/dog/tail", "no", "the path ends before 'tail'"],
                ["GET /pets/Dog", "no", "segment 2 is 'dog', not 'Dog'; case counts"],
            ],
            Rows(told, "SelectRoute", "candidates"));
    }

    [Theory]
    [InlineData("GET", "/nothing", "SelectRoute", "RouteNotFound", 403)]
    [InlineData("GET", "/a/../b", "CheckTarget", "BadPath", 400)]
    [InlineData("GET", "/a?b={c}", "CheckTarget", "BadQuery", 400)]
    [InlineData("DELETE", "/a", "SelectRoute", "RouteNotFound", 403)]
    [InlineData("GET", "/closed", "SelectRoute", "ClosedConfiguration", 500)]
    public void Names_the_phase_and_the_fault_that_end_a_request(string method, string target, string phase, string fault, int status)
    {
        _gateway.Route("GET /a", TestGateway.Mock()).Route("GET /closed", ClosedPlan.Instance, closedBy: GatewayResponseType.ApiConfigurationError).Serve();
        Explanation told = Run(method, target);
        ExplainedPhase failed = Assert.Single(told.Phases, told => told.Outcome == ExplainedOutcome.Fault && told.Name != "Respond");
        Assert.Equal((phase, fault, status), (failed.Name, failed.Fault, told.Response!.Status));
        Assert.NotEmpty(Fact(told, phase, "why"));
        Assert.Equal(fault, Fact(told, "Respond", "fault"));
    }

    [Theory]
    [InlineData("GET", "/a b", "BadVersion", 400)]
    [InlineData("G(T", "/", "BadMethod", 400)]
    public void Tells_what_the_listener_refuses_before_any_phase(string method, string target, string violation, int status)
    {
        _gateway.Route("GET /", TestGateway.Mock()).Serve();
        Explanation told = Run(method, target);
        Assert.Equal((ExplainedEnd.RefusedByListener, violation, status), (told.End, told.Violation, told.Response!.Status));
        Assert.Empty(told.Phases);
    }

    [Fact]
    public void Refuses_a_head_that_the_listener_takes_for_too_large()
    {
        _gateway.Route("GET /", TestGateway.Mock()).Serve();
        Explanation told = Run("GET", "/", headers: [("X-Long", new string('a', 40_000))]);
        Assert.Equal((ExplainedEnd.RefusedByListener, "HeadTooLarge", 431), (told.End, told.Violation, told.Response!.Status));
    }

    [Fact]
    public void A_body_over_the_listeners_limit_is_413()
    {
        _gateway.Route("POST /", TestGateway.Proxy("http://backend/")).Serve();
        _explain.Conditions = new ExplainConditions { BodyLimit = 4 };
        Explanation told = Run("POST", "/", body: "12345");
        Assert.Equal((413, "BodyTooLarge"), (told.Response!.Status, Fact(told, "Respond", "fault")));
        Assert.Null(told.Integration);
    }

    [Fact]
    public void Tells_the_event_that_a_function_would_get()
    {
        Explanation told = Function("hello");
        Assert.Equal(ExplainedEnd.AtIntegration, told.End);
        Assert.Equal(("RequestResponse", "arn:aws:lambda:eu-west-1:123456789012:function:hello"), (told.Integration!.Method, told.Integration.Url));
        JsonElement made = JsonDocument.Parse(told.Integration.Body).RootElement;
        Assert.Equal(("hello", "/function"), (made.GetProperty("body").GetString(), made.GetProperty("path").GetString()));
        Assert.Equal((long)Encoding.UTF8.GetByteCount(told.Integration.Body), told.Integration.BodyBytes);
    }

    [Theory]
    [InlineData("""{"statusCode": 201, "body": "made"}""", false, 201, null)]
    [InlineData("""{"statusCode": 201, "body": {"made": true}}""", false, 502, "/body is an object; it has to be a string (JSON.stringify it)")]
    [InlineData("""{"statusCode": "two"}""", false, 502, "/statusCode has to be a whole number from 200 to 599, or a text of one")]
    [InlineData("""{"status": 200}""", false, 502, "/status is none of statusCode, headers, multiValueHeaders, body and isBase64Encoded")]
    [InlineData("""{"headers": {"a": []}}""", false, 502, "/headers/a is an array; it has to be a string")]
    [InlineData("""{"multiValueHeaders": {"a": "b"}}""", false, 502, "/multiValueHeaders/a is a string; it has to be an array of strings")]
    [InlineData("""["a"]""", false, 502, "the result is an array; it has to be an object with statusCode, headers and body")]
    [InlineData("not json", false, 502, "the result is no JSON: line 1, byte 2")]
    [InlineData("", false, 502, "the result is empty; it has to be an object")]
    [InlineData("""{"errorMessage": "x"}""", true, 502, null)]
    public void Tells_what_becomes_of_a_functions_result(string result, bool failed, int status, string? why)
    {
        Explanation told = Function("", new ExplainAnswer { Body = Encoding.UTF8.GetBytes(result), IsFunctionError = failed });
        Assert.Equal(status, told.Response!.Status);
        if (why is not null) Assert.Equal(why, Fact(told, "MapResponse", "why"));
        Assert.Equal(failed ? "FunctionFailed" : why is null ? null : "FunctionResultMalformed", told.Phases.FirstOrDefault(static phase => phase.Fault is not null)?.Fault);
    }

    [Fact]
    public void Nothing_that_is_asked_makes_it_throw()
    {
        _gateway
            .Route("ANY /a/{b}", TestGateway.Proxy("http://backend/{b}", "ANY", [TestGateway.Map("integration.request.path.b", "method.request.path.b", "b"), TestGateway.Map("integration.request.header.X-Q", "method.request.querystring.q")]))
            .Route("POST /{all+}", TestGateway.HttpBackend("http://backend/", "POST"))
            .Route("GET /m", TestGateway.Mock(body: "{}"))
            .Serve();
        var random = new Random(7);
        string[] pieces = ["/", "a", "/a/", "m", "?", "q=", "&", "%", "%2f", "%00", "..", "{", "|", " ", "\t", "\u0001", "é", "\ud800", "#", "http://", "https://x", "*", ":", "@", "[", new string('x', 3000), "token=", "\u007f"];
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            var request = new ExplainRequest
            {
                Method = random.Next(4) switch { 0 => "GET", 1 => "POST", 2 => "HEAD", _ => Text() },
                Target = (random.Next(3) == 0 ? "" : "/") + Text(),
                Host = random.Next(3) == 0 ? Text() : null,
                Headers = [.. Enumerable.Range(0, random.Next(4)).Select(_ => KeyValuePair.Create(random.Next(2) == 0 ? "Authorization" : Text(), Text()))],
                Body = random.Next(2) == 0 ? Encoding.UTF8.GetBytes(Text()) : null,
                Answer = random.Next(2) == 0 ? new ExplainAnswer { Status = random.Next(200, 600), Headers = [new(Text(), Text())], Body = Encoding.UTF8.GetBytes(Text()) } : null,
            };
            if (_explain.ProblemOrNull(request) is null) Assert.NotNull(_explain.Run(_gateway.Snapshots, request));
            else refused++;
        }

        Assert.InRange(refused, 100, 2500);

        string Text() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    [Theory]
    [InlineData("GET /health HTTP/1.1\nHost: node")]
    [InlineData("GET /nothing HTTP/1.1\nHost: node")]
    [InlineData("GET /a/../b HTTP/1.1\nHost: node")]
    [InlineData("GET /pets/7?q=1 HTTP/1.1\nHost: node\nX-Secret: 2\nConnection: close")]
    [InlineData("POST /http HTTP/1.1\nHost: node\nContent-Type: application/json")]
    public void A_watched_request_is_answered_as_one_that_is_not(string head)
    {
        string plain = Answered(head, isWatched: false, out int phases);
        Assert.Equal(0, phases);
        Assert.Equal(plain, Answered(head, isWatched: true, out phases));
        Assert.InRange(phases, 2, 20);
    }

    private static string Answered(string head, bool isWatched, out int phases)
    {
        using var gateway = new TestGateway();
        gateway
            .Route("GET /health", TestGateway.Mock(body: """{"ok":true}""", parameters: [TestGateway.MapBack("X-Id", "context.requestId")]))
            .Route("GET /pets/{id}", TestGateway.Proxy("http://backend/{id}", "GET", [TestGateway.Map("integration.request.path.id", "method.request.path.id", "id")]))
            .Route("POST /http", TestGateway.HttpBackend("http://backend/", "POST", responses: TestGateway.Single(new ResponsePlan { Status = 201, Parameters = [TestGateway.MapBack("X-S", "integration.response.header.Server")] })))
            .Serve();
        gateway.Upstream.Answer("HTTP/1.1 200 OK\nServer: backend\nConnection: X-Gone\nX-Gone: 1\nContent-Length: 5", "hello");
        gateway.Send("GET /health HTTP/1.1\nHost: node");
        var recorder = new ExplanationRecorder(new ExplanationNotes(new ExplainLimits(), new SecretMask(new ExplainRequest { Method = "GET", Target = "/" })));
        if (isWatched) gateway.Context.Observer = recorder;
        gateway.Send(head);
        phases = recorder.Phases.Count;
        return $"{gateway.Exchange.Response.Status}\n{gateway.Exchange.ResponseFields()}\n{gateway.Exchange.SentText}\n{gateway.Upstream.Calls}\n{gateway.Upstream.AllFields()}{gateway.Upstream.Body}";
    }

    private Explanation Function(string body, ExplainAnswer? answer = null)
    {
        _gateway.Route("POST /function", new LambdaProxyPlan
        {
            Uri = UriTemplate.Parse("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:hello/invocations"),
        }, BodyNeed.Whole).Serve();
        return Run("POST", "/function", body, answer: answer);
    }

    private Explanation Run(string method, string target, string? body = null, (string Name, string Value)[]? headers = null, ExplainAnswer? answer = null) =>
        _explain.Run(_gateway.Snapshots, new ExplainRequest
        {
            Method = method,
            Target = target,
            Body = body is null ? null : Encoding.UTF8.GetBytes(body),
            Headers = [.. (headers ?? []).Select(static field => KeyValuePair.Create(field.Name, field.Value))],
            Answer = answer,
        });

    private static string Fact(Explanation told, string phase, string name) => told.Phases.Single(one => one.Name == phase).Facts.Single(fact => fact.Key == name).Value;

    private static string[][] Rows(Explanation told, string phase, string table) =>
        [.. told.Phases.Single(one => one.Name == phase).Tables.Single(one => one.Name == table).Rows.Select(static row => row.ToArray())];
}

using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 8: what is cached, under which key, and for how long.</summary>
public sealed class Rest_8_Caching : IDisposable
{
    private readonly CachedApi _api = new();

    public void Dispose() => _api.Dispose();

    [Fact]
    public void A_GET_is_answered_from_the_cache_without_the_backend()
    {
        _api.Serve(CachedApi.Document());
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal(1, _api.Calls);
        Assert.Equal(200, _api.Exchange.Response.Status);
        Assert.Equal("text/plain", _api.Exchange.ResponseField("Content-Type"));
        Assert.Equal(8, _api.Exchange.Response.ContentLength);
        Assert.Equal(("1", "2"), (_api.Counted("miss"), _api.Counted("hit")));
    }

    [Fact]
    public void Without_a_cache_of_the_stage_nothing_is_cached()
    {
        _api.Serve(CachedApi.Document(), CachedApi.Stage(CachedApi.All with { CachingEnabled = true }) with { CacheClusterEnabled = false });
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal("answer 2", _api.Get());
        Assert.Null(_api.Counted("miss"));
    }

    [Fact]
    public void An_answer_is_used_for_300_seconds()
    {
        _api.Serve(CachedApi.Document());
        Assert.Equal("answer 1", _api.Get());
        _api.Advance(299.9);
        Assert.Equal("answer 1", _api.Get());
        _api.Advance(0.1);
        Assert.Equal("answer 3", _api.Get());
        Assert.Equal("answer 3", _api.Get());
    }

    [Fact]
    public void An_answer_is_used_for_as_long_as_the_stage_says_or_the_method()
    {
        string document = CachedApi.Document();
        _api.Serve(document, CachedApi.Stage(CachedApi.All with { CacheTtlInSeconds = 10 }));
        _api.Get();
        _api.Advance(10);
        Assert.Equal("answer 2", _api.Get());
        _api.Serve(document + CachedApi.Document(path: "/other").Split("paths:\n")[1], CachedApi.Stage(CachedApi.All with { CacheTtlInSeconds = 10 }, new() { ResourcePath = "/pets/{id}", Verb = "GET", CacheTtlInSeconds = 3600 }));
        _api.Get("GET /pets/1 HTTP/1.1");
        _api.Get("GET /other HTTP/1.1");
        _api.Advance(3599);
        Assert.Equal("answer 3", _api.Get("GET /pets/1 HTTP/1.1"));
        Assert.Equal("answer 6", _api.Get("GET /other HTTP/1.1"));
    }

    [Fact]
    public void A_TTL_of_0_is_off()
    {
        _api.Serve(CachedApi.Document(), CachedApi.Stage(CachedApi.All with { CacheTtlInSeconds = 0 }));
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal("answer 2", _api.Get());
    }

    [Theory]
    [InlineData("post", "POST", "POST")]
    [InlineData("x-amazon-apigateway-any-method", "ANY", "GET")]
    public void Other_methods_than_GET_are_cached_by_a_setting_of_their_own_alone(string member, string verb, string sent)
    {
        string request = $"{sent} /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0";
        _api.Serve(CachedApi.Document(verb: member), CachedApi.Stage(CachedApi.All with { CachingEnabled = true }));
        Assert.Equal("answer 1", _api.Get(request));
        Assert.Equal("answer 2", _api.Get(request));
        _api.Serve(CachedApi.Document(verb: member), CachedApi.Stage(new MethodSettingsDefinition { ResourcePath = "/pets/{id}", Verb = verb, CachingEnabled = true }));
        Assert.Equal("answer 3", _api.Get(request));
        Assert.Equal("answer 3", _api.Get(request));
    }

    [Fact]
    public void A_GET_is_not_cached_where_its_method_or_the_stage_says_so()
    {
        _api.Serve(CachedApi.Document(), CachedApi.Stage(new MethodSettingsDefinition { ResourcePath = "/pets/{id}", Verb = "GET", CachingEnabled = false }));
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal("answer 2", _api.Get());
        _api.Serve(CachedApi.Document(), CachedApi.Stage(CachedApi.All with { CachingEnabled = false }));
        Assert.Equal("answer 3", _api.Get());
        Assert.Equal("answer 4", _api.Get());
    }

    [Fact]
    public void HEAD_passes_the_cache_by_and_each_method_of_ANY_has_its_own_entry()
    {
        _api.Serve(CachedApi.Document(verb: "x-amazon-apigateway-any-method"), CachedApi.Stage(new MethodSettingsDefinition { ResourcePath = "/pets/{id}", Verb = "ANY", CachingEnabled = true }));
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal("answer 2", _api.Get("DELETE /pets/1 HTTP/1.1"));
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal("answer 2", _api.Get("DELETE /pets/1 HTTP/1.1"));
        Assert.Equal(2, _api.Calls);
        _api.Get("HEAD /pets/1 HTTP/1.1");
        _api.Get("HEAD /pets/1 HTTP/1.1");
        Assert.Equal(4, _api.Calls);
    }

    [Fact]
    public void Parameters_that_are_not_listed_are_not_part_of_the_key()
    {
        _api.Serve(CachedApi.Document("cacheKeyParameters: [method.request.querystring.type]"));
        Assert.Equal("answer 1", _api.Get("GET /pets/1?type=admin&department=A HTTP/1.1"));
        Assert.Equal("answer 1", _api.Get("GET /pets/2?department=B&type=admin HTTP/1.1\nHost: node\nX-One: 1"));
        Assert.Equal("answer 3", _api.Get("GET /pets/1?type=user&department=A HTTP/1.1"));
        Assert.Equal("answer 4", _api.Get("GET /pets/1?department=A HTTP/1.1"));
        Assert.Equal("answer 5", _api.Get("GET /pets/1?type=&department=A HTTP/1.1"));
    }

    [Fact]
    public void Each_kind_of_parameter_can_be_part_of_the_key()
    {
        _api.Serve(CachedApi.Document(
            """
            requestParameters: {integration.request.querystring.kind: method.request.querystring.type, integration.request.header.Stage: context.stage}
            cacheKeyParameters: [method.request.path.id, method.request.header.X-One, integration.request.querystring.kind, integration.request.header.Stage]
            """));
        string[] requests =
        [
            "GET /pets/1?type=a HTTP/1.1\nHost: node\nX-One: x",
            "GET /pets/2?type=a HTTP/1.1\nHost: node\nX-One: x",
            "GET /pets/1?type=b HTTP/1.1\nHost: node\nX-One: x",
            "GET /pets/1?type=a HTTP/1.1\nHost: node\nX-One: y",
            "GET /pets/1?type=a HTTP/1.1\nHost: node",
        ];
        for (int i = 0; i < requests.Length; i++) Assert.Equal($"answer {i + 1}", _api.Get(requests[i]));
        for (int i = 0; i < requests.Length; i++) Assert.Equal($"answer {i + 1}", _api.Get(requests[i]));
        Assert.Equal(requests.Length, _api.Calls);
    }

    [Theory]
    [InlineData("GET /pets/1?type=a HTTP/1.1\nHost: node\nx-one: x")] // HTTP_PROXY passes it on, however it is spelt
    [InlineData("GET /pets/1?type=a HTTP/1.1\nHost: node\nX-One: y\nX-One: x")]
    [InlineData("GET /pets/1?type=b&type=a HTTP/1.1\nHost: node\nX-One: x")]
    public void A_request_that_the_backend_can_tell_from_another_does_not_fill_its_entry(string other)
    {
        _api.Serve(CachedApi.Document("cacheKeyParameters: [method.request.querystring.type, method.request.header.X-One]"));
        Assert.Equal("answer 1", _api.Get(other));
        string request = "GET /pets/1?type=a HTTP/1.1\nHost: node\nX-One: x";
        Assert.Equal(other.Contains("x-one", StringComparison.Ordinal) ? "answer 1" : "answer 2", _api.Get(request));
        Assert.Equal("answer 3", _api.Get("GET /pets/1?type=a HTTP/1.1"));
    }

    [Fact]
    public void Methods_of_one_namespace_share_their_entries_and_others_do_not()
    {
        string other = CachedApi.Document("cacheNamespace: shared", path: "/others/{id}").Split("paths:\n")[1];
        _api.Serve(CachedApi.Document("cacheNamespace: shared") + other + CachedApi.Document(path: "/third/{id}").Split("paths:\n")[1]);
        Assert.Equal("answer 1", _api.Get("GET /pets/1 HTTP/1.1"));
        Assert.Equal("answer 1", _api.Get("GET /others/1 HTTP/1.1"));
        Assert.Equal("answer 3", _api.Get("GET /third/1 HTTP/1.1"));
    }

    [Fact]
    public void Stages_and_APIs_do_not_share_entries()
    {
        string document = CachedApi.Document("cacheNamespace: shared");
        _api.Node.Deploy(null, (document, CachedApi.Stage()), (document, CachedApi.Stage()));
        Assert.Equal("answer 1", _api.Get("GET /pets/1 HTTP/1.1"));
        Assert.Equal("answer 2", _api.Get("GET /api1/pets/1 HTTP/1.1"));
        Assert.Equal("answer 1", _api.Get("GET /pets/1 HTTP/1.1"));
    }

    [Fact]
    public void Entries_of_another_deployment_never_answer()
    {
        _api.Serve(CachedApi.Document());
        Assert.Equal("answer 1", _api.Get());
        _api.Serve(CachedApi.Document());
        Assert.Equal("answer 2", _api.Get());
    }

    [Fact]
    public void Ids_and_trace_are_those_of_each_reply()
    {
        _api.Serve(CachedApi.Document());
        _api.Get();
        string? first = _api.Exchange.ResponseField("x-amzn-RequestId");
        string? firstExtended = _api.Exchange.ResponseField("x-amz-apigw-id");
        _api.Get();
        Assert.NotNull(_api.Exchange.ResponseField("x-amzn-RequestId"));
        Assert.NotEqual(first, _api.Exchange.ResponseField("x-amzn-RequestId"));
        Assert.NotEqual(firstExtended, _api.Exchange.ResponseField("x-amz-apigw-id"));
        Assert.Single(_api.Exchange.ResponseFields().Split('\n'), static line => line.StartsWith("x-amzn-RequestId:", StringComparison.Ordinal));
        Assert.Null(_api.Exchange.ResponseField("Age"));
    }

    [Fact]
    public void What_is_repeated_is_the_method_response_field_for_field()
    {
        _api.Serve(CachedApi.Document());
        _api.Get(head: "HTTP/1.1 201 Created\nX-A: 1\nContent-Type: text/csv\nServer: s\nDate: Sun, 22 Nov 2026 13:00:00 GMT\nx-amzn-requestid: of the backend\nX-A: 2\nCache-Control: no-store\nExpires: 0\nX-Empty:");
        string first = WithoutIds();
        Assert.Contains("x-amzn-Remapped-", first, StringComparison.OrdinalIgnoreCase);
        _api.Get();
        Assert.Equal(1, _api.Calls);
        Assert.Equal(201, _api.Exchange.Response.Status);
        Assert.Equal(first, WithoutIds());
    }

    [Fact]
    public void A_mapped_response_is_stored_with_its_own_trace_for_each_reply()
    {
        _api.Serve(CachedApi.Document("responses: {default: {statusCode: '200', responseParameters: {method.response.header.X-Kind: integration.response.header.Kind}}}").Replace("http_proxy", "http", StringComparison.Ordinal).Replace("{description: ok}", "{description: ok, headers: {X-Kind: {schema: {type: string}}}}", StringComparison.Ordinal));
        _api.Get("GET /pets/1 HTTP/1.1\nHost: node\nX-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678", "HTTP/1.1 200 OK\nKind: dog");
        Assert.Equal("answer 1", _api.Get("GET /pets/1 HTTP/1.1\nHost: node\nX-Amzn-Trace-Id: Root=1-67891234-abcdef012345678912345678"));
        Assert.Equal("dog", _api.Exchange.ResponseField("X-Kind"));
        Assert.StartsWith("Root=1-67891234-", _api.Exchange.ResponseField("X-Amzn-Trace-Id"), StringComparison.Ordinal);
        Assert.Equal(1, _api.Calls);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found")]
    [InlineData("HTTP/1.1 500 Internal Server Error")]
    [InlineData("HTTP/1.1 302 Found\nLocation: /")]
    [InlineData("HTTP/1.1 206 Partial Content\nContent-Range: bytes 0-7/100")]
    [InlineData("HTTP/1.1 200 OK\nSet-Cookie: session=1")]
    public void Answers_that_are_no_success_a_part_or_set_a_cookie_are_not_stored(string head)
    {
        _api.Serve(CachedApi.Document());
        Assert.Equal("answer 1", _api.Get(head: head));
        Assert.Equal("answer 2", _api.Get(head: head));
        Assert.Equal("2", _api.Node.Gateway.Metric("""edgeproxy_cache_stores_total{result="unsuitable"}"""));
    }

    [Fact]
    public void A_204_is_stored()
    {
        _api.Serve(CachedApi.Document());
        _api.Node.Gateway.Upstream.Answer("HTTP/1.1 204 No Content\nX-A: 1", "");
        _api.Node.Gateway.Send("GET /pets/1 HTTP/1.1");
        _api.Node.Gateway.Send("GET /pets/1 HTTP/1.1");
        Assert.Equal((1, 204, "1", ""), (_api.Calls, _api.Exchange.Response.Status, _api.Exchange.ResponseField("X-A"), _api.Exchange.SentText));
    }

    [Fact]
    public void A_gateway_response_is_not_stored()
    {
        _api.Serve(CachedApi.Document());
        _api.Node.Gateway.Upstream.Outcome = Http.Client.UpstreamOutcome.ConnectFailed;
        _api.Get();
        Assert.Equal(504, _api.Exchange.Response.Status);
        _api.Node.Gateway.Upstream.Outcome = Http.Client.UpstreamOutcome.Ok;
        Assert.Equal("answer 2", _api.Get());
    }

    [Theory]
    [InlineData(1_048_576, 1)]
    [InlineData(1_048_577, 2)]
    public void Bodies_of_up_to_1048576_bytes_are_stored(int length, int calls)
    {
        _api.Serve(CachedApi.Document());
        string body = new('x', length);
        foreach (string head in new[] { $"HTTP/1.1 200 OK\nContent-Length: {length}", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked" })
        {
            _api.Serve(CachedApi.Document());
            int before = _api.Calls;
            for (int i = 0; i < 2; i++)
            {
                _api.Node.Gateway.Upstream.Answer(head, body[..1000], body[1000..70_000], body[70_000..]);
                Assert.Equal(length, _api.Node.Gateway.Send("GET /pets/1 HTTP/1.1").SentText.Length);
            }

            Assert.Equal(calls, _api.Calls - before);
        }
    }

    [Fact]
    public void A_body_that_breaks_off_is_not_stored()
    {
        _api.Serve(CachedApi.Document());
        _api.Node.Gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 100").Add(Http.Messages.BodyStatus.Data, "abc").Add(Http.Messages.BodyStatus.Truncated);
        _api.Node.Gateway.Send("GET /pets/1 HTTP/1.1");
        Assert.Equal("answer 1", _api.Get());
    }

    [Fact]
    public void A_body_that_only_its_connection_ends_is_not_stored()
    {
        _api.Serve(CachedApi.Document());
        _api.Node.Gateway.Upstream.Answer("HTTP/1.1 200 OK", "half of it?");
        _api.Node.Gateway.Send("GET /pets/1 HTTP/1.1");
        Assert.Equal("answer 1", _api.Get());
    }

    [Fact]
    public void Validation_throttles_and_routes_come_before_a_hit()
    {
        string document = CachedApi.Document("cacheKeyParameters: []").Replace("paths:", "x-amazon-apigateway-request-validators: {params: {validateRequestBody: false, validateRequestParameters: true}}\nx-amazon-apigateway-request-validator: params\npaths:", StringComparison.Ordinal)
            .Replace("in: query, schema", "in: query, required: true, schema", StringComparison.Ordinal);
        _api.Serve(document, CachedApi.Stage(CachedApi.All with { ThrottlingBurstLimit = 3, ThrottlingRateLimit = 0.001 }));
        Assert.Equal("answer 1", _api.Get("GET /pets/1?type=a HTTP/1.1"));
        Assert.Equal("answer 1", _api.Get("GET /pets/1?type=a HTTP/1.1"));
        _api.Get("GET /pets/1 HTTP/1.1");
        Assert.Equal(400, _api.Exchange.Response.Status);
        _api.Get("GET /pets/1?type=a HTTP/1.1");
        Assert.Equal(429, _api.Exchange.Response.Status);
    }

    [Fact]
    public void A_coded_answer_is_for_clients_that_take_the_coding()
    {
        _api.Serve(CachedApi.Document());
        const string Coded = "HTTP/1.1 200 OK\nContent-Encoding: gzip";
        Assert.Equal("answer 1", _api.Get("GET /pets/1 HTTP/1.1\nHost: node\nAccept-Encoding: gzip, br", Coded));
        Assert.Equal("answer 1", _api.Get("GET /pets/1 HTTP/1.1\nHost: node\nAccept-Encoding: gzip"));
        Assert.Equal("answer 3", _api.Get("GET /pets/1 HTTP/1.1"));
        Assert.Null(_api.Exchange.ResponseField("Content-Encoding"));
        Assert.Equal("answer 1", _api.Get("GET /pets/1 HTTP/1.1\nHost: node\nAccept-Encoding: gzip"));
        Assert.Equal("1", _api.Counted("bypass"));
    }

    [Fact]
    public void What_is_stored_is_plain_and_compressed_for_who_takes_it()
    {
        _api.Serve(CachedApi.Document().Replace("paths:", "x-amazon-apigateway-minimum-compression-size: 0\npaths:", StringComparison.Ordinal));
        _api.Get("GET /pets/1 HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal("gzip", _api.Exchange.ResponseField("Content-Encoding"));
        Assert.Equal("answer 1", _api.Get());
        Assert.Null(_api.Exchange.ResponseField("Content-Encoding"));
        _api.Get("GET /pets/1 HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal("gzip", _api.Exchange.ResponseField("Content-Encoding"));
        Assert.Equal(1, _api.Calls);
    }

    [Fact]
    public void A_key_over_the_limit_passes_the_cache_by_and_is_counted()
    {
        _api.Node.Deploy(new GatewaySettings { Cache = new CacheLimits(MaxKey: 256) }, (CachedApi.Document("cacheKeyParameters: [method.request.querystring.type]"), CachedApi.Stage()));
        string request = $"GET /pets/1?type={new string('x', 300)} HTTP/1.1";
        Assert.Equal("answer 1", _api.Get(request));
        Assert.Equal("answer 2", _api.Get(request));
        Assert.Equal("2", _api.Node.Gateway.Metric("""edgeproxy_limit_hits_total{limit="cache.maxKey"}"""));
        Assert.Equal("2", _api.Counted("bypass"));
    }

    [Fact]
    public void The_field_that_tells_what_the_cache_did_is_there_where_the_stage_asks_for_it()
    {
        _api.Serve(CachedApi.Document(), CachedApi.Stage() with { CacheStatusHeader = "X-Cache" });
        _api.Get();
        Assert.Equal("miss", _api.Exchange.ResponseField("X-Cache"));
        _api.Get();
        Assert.Equal("hit", _api.Exchange.ResponseField("X-Cache"));
        Assert.Single(_api.Exchange.ResponseFields().Split('\n'), static line => line.StartsWith("X-Cache:", StringComparison.Ordinal));
        _api.Serve(CachedApi.Document());
        _api.Get();
        Assert.Null(_api.Exchange.ResponseField("X-Cache"));
    }

    [Fact]
    public void A_mock_is_cached_like_any_other_integration()
    {
        _api.Serve("""
            openapi: 3.0.1
            info: {title: Pets, version: '1'}
            paths:
              /pets:
                get:
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 200}'}
                    responses: {default: {statusCode: '200', responseTemplates: {text/plain: '$context.requestId'}}}
            """);
        string first = _api.Node.Gateway.Send("GET /pets HTTP/1.1").SentText;
        Assert.Equal(first, _api.Exchange.ResponseField("x-amzn-RequestId"));
        Assert.Equal(first, _api.Node.Gateway.Send("GET /pets HTTP/1.1").SentText);
        Assert.NotEqual(first, _api.Exchange.ResponseField("x-amzn-RequestId"));
        Assert.Equal("text/plain", _api.Exchange.ResponseField("Content-Type"));
    }

    [Fact]
    public void An_explanation_tells_the_key_and_neither_looks_nor_stores()
    {
        _api.Serve(CachedApi.Document("cacheKeyParameters: [method.request.querystring.type, method.request.header.X-One]"));
        _api.Get("GET /pets/1?type=a HTTP/1.1");
        var request = new ExplainRequest { Method = "GET", Target = "/pets/1?type=a", Headers = [new("x-one", "1"), new("Cache-Control", "max-age=0")], Answer = new ExplainAnswer { Status = 200 } };
        Explanation told = new Explain(TimeProvider.System).Run(_api.Node.Gateway.Snapshots, request);
        ExplainedPhase found = Assert.Single(told.Phases, static phase => phase.Name == "LookUpCache");
        Assert.Contains(new("ttl", "300 s"), found.Facts);
        Assert.Contains(new("maxAge0", "ignored with a warning: the caller may not invalidate"), found.Facts);
        Assert.Equal([["method.request.querystring.type", "a"], ["method.request.header.X-One", "1"]], Assert.Single(found.Tables).Rows);
        Assert.Contains(Assert.Single(told.Phases, static phase => phase.Name == "StoreAnswer").Facts, static fact => fact.Key == "stored" && fact.Value.StartsWith("it would be", StringComparison.Ordinal));
        Assert.Null(_api.Counted("hit"));
        Assert.Equal("1", _api.Node.Gateway.Metric("edgeproxy_cache_entries"));
    }

    [Fact]
    public void A_client_that_goes_away_leaves_nothing_half_stored_and_nothing_held()
    {
        _api.Serve(CachedApi.Document());
        _api.Get();
        FakeExchange exchange = _api.Exchange;
        exchange.WriteStatus = Core.Concurrency.IoStatus.Reset;
        _api.Get();
        exchange.WriteStatus = Core.Concurrency.IoStatus.Ok;
        Assert.False(_api.Node.Gateway.Context.CacheUse.HasEntry);
        Assert.Equal("answer 1", _api.Get());
        Assert.Equal(0, _api.Node.Gateway.Loop.Buffers.Leased);
    }

    private string WithoutIds() => string.Join('\n', _api.Exchange.ResponseFields().Split('\n').Where(static line =>
        !line.StartsWith("x-amzn-RequestId:", StringComparison.Ordinal) && !line.StartsWith("x-amz-apigw-id:", StringComparison.Ordinal)));
}

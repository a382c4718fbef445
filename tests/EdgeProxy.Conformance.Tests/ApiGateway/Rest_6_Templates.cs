using System.Text;
using System.Text.Json;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6 from the document to the bytes on both sides: what a template is given, and what becomes of its output.</summary>
public sealed class Rest_6_Templates : IDisposable
{
    private const string InternalError = "{\"message\": \"Internal server error\"}";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void A_request_template_renders_what_the_backend_gets()
    {
        _gateway.Serve(MappedApi.Http("""{"who": $input.json('$.name'), "id": "$input.params('id')", "q": "$input.params('q')", "stage": "$context.stage", "v": "$stageVariables.tbl"}"""),
            variables: ("tbl", "T1"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        FakeExchange answer = _gateway.Send("POST /pets/42?q=x%20y&q=z HTTP/1.1\nHost: node\nContent-Length: 14", "{\"name\":", "\"Bob\"}");
        Assert.Equal("""{"who": "Bob", "id": "42", "q": "z", "stage": "prod", "v": "T1"}""", _gateway.Upstream.Body);
        Assert.Equal(_gateway.Upstream.Body.Length, _gateway.Upstream.ContentLength);
        Assert.Equal(BodyFraming.Length, _gateway.Upstream.Framing);
        Assert.Equal("ok", answer.SentText);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_response_template_renders_what_the_client_gets()
    {
        _gateway.Serve(MappedApi.Http(responseTemplate: """#set($r = $input.path('$')){"names": [#foreach($p in $r.pets)"$p.name"#if($foreach.hasNext), #end#end], "for": "$input.params('id')"}"""));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", """{"pets":[{"name":"Rex"},""", """{"name":"Ada"}]}""");
        FakeExchange answer = _gateway.Send("POST /pets/7 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal("""{"names": ["Rex", "Ada"], "for": "7"}""", answer.SentText);
        Assert.Equal(answer.SentText.Length, answer.Response.ContentLength);
        Assert.Equal("application/json", answer.ResponseField("Content-Type"));
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_response_template_that_asks_for_no_body_leaves_it_to_be_thrown_away()
    {
        _gateway.Serve(MappedApi.Http(responseTemplate: "$input.params('id') $context.stage"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 6", "abc", "def");
        Assert.Equal("7 prod", _gateway.Send("GET /pets/7 HTTP/1.1").SentText);
        Assert.True(_gateway.Upstream.WasReadToItsEnd);
    }

    // 5.1: for GET, HEAD and OPTIONS the integration request has no body.
    [Fact]
    public void A_request_template_runs_for_a_GET_and_its_output_is_not_sent()
    {
        _gateway.Serve(MappedApi.Http("#set($context.requestOverride.header.X-Set = \"$input.params('id')\")body", method: "GET"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        _gateway.Send("GET /pets/42 HTTP/1.1");
        Assert.Equal(("42", ""), (_gateway.Upstream.Field("X-Set"), _gateway.Upstream.Body));
        Assert.Equal(BodyFraming.None, _gateway.Upstream.Framing);
    }

    [Theory]
    [InlineData("Connection", "")]
    [InlineData("Content-Length", "")]
    [InlineData("TE", "")]
    [InlineData("Max-Forwards", "")]
    [InlineData("Host", "node")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("x-two", "")]
    [InlineData("X-Two", "b")]
    public void Fields_that_are_dropped_when_parsed_are_not_there(string name, string expected)
    {
        _gateway.Serve(MappedApi.Http($"$input.params('{name}')|$input.params().header.get('{name}')"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nConnection: keep-alive\nContent-Length: 0\nTE: trailers\nMax-Forwards: 3\nVia: 1.1 proxy\nX-Two: a\nX-Two: b");
        Assert.Equal($"{expected}|{expected}", _gateway.Upstream.Body);
    }

    [Theory]
    [InlineData("$input.params('q')", "[a\uFFFDb]")]
    [InlineData("$input.params().querystring.q", "[a\uFFFDb]")]
    [InlineData("$input.params('id')", "[\uFFFD]")]
    [InlineData("$input.params('X-Two')", "[\uFFFD\u00FC]")]
    [InlineData("$input.params().header.get('X-Two')", "[\uFFFD\u00FC]")]
    [InlineData("$context.identity.userAgent", "[\uFFFD]")]
    public void What_is_no_text_is_read_as_replacement_characters(string reference, string expected)
    {
        _gateway.Serve(MappedApi.Http($"[{reference}]"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Send("POST /pets/%ff?q=a%ffb HTTP/1.1\nHost: node\nUser-Agent: \u00FF\nX-Two: \u00FF\u00C3\u00BC\nContent-Length: 0", "");
        Assert.Equal(expected, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(_gateway.Upstream.Body)));
    }

    [Fact]
    public void Example_29_an_empty_body_reads_as_an_empty_object()
    {
        _gateway.Serve(MappedApi.Http("Action=SendMessage&MessageBody=$input.body"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0", "");
        Assert.Equal("Action=SendMessage&MessageBody={}", _gateway.Upstream.Body);
    }

    [Fact]
    public void Example_31_lists_all_parameters()
    {
        _gateway.Serve(MappedApi.Http("""
            #set($allParams = $input.params())
            { "params" : { #foreach($type in $allParams.keySet()) #set($params = $allParams.get($type)) "$type" : {
             #foreach($n in $params.keySet()) "$n" : "$util.escapeJavaScript($params.get($n))" #if($foreach.hasNext),#end #end } #if($foreach.hasNext),#end #end } }
            """));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Send("POST /pets/42?q=x%20y&q=z&w=%22 HTTP/1.1\nHost: node\nX-Tok: t'1\nContent-Length: 0");
        using var document = JsonDocument.Parse(_gateway.Upstream.Body.Replace("\\'", "'", StringComparison.Ordinal));
        JsonElement all = document.RootElement.GetProperty("params");
        Assert.Equal(["path", "querystring", "header"], all.EnumerateObject().Select(static group => group.Name));
        Assert.Equal("{\"id\":\"42\"}", Compact(all.GetProperty("path")));
        Assert.Equal("{\"q\":\"z\",\"w\":\"\\\"\"}", Compact(all.GetProperty("querystring")));
        Assert.Equal("{\"Host\":\"node\",\"X-Tok\":\"t'1\"}", Compact(all.GetProperty("header")));

        static string Compact(JsonElement group) => "{" + string.Join(',', group.EnumerateObject().Select(static member => $"\"{member.Name}\":{member.Value.GetRawText()}")) + "}";
    }

    [Fact]
    public void Example_32_a_response_template_changes_the_status()
    {
        _gateway.Serve(MappedApi.Http(responseTemplate: """
            #set($r = $input.path('$'))$input.json("$")#if($r.toString().contains("error"))#set($context.responseOverride.status = 400)#end
            """));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", """{"errors":[{"key":"k"}]}""");
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((400, """{"errors":[{"key":"k"}]}"""), (answer.Response.Status, answer.SentText));
    }

    [Fact]
    public void Example_33_a_MOCK_hands_over_from_the_request_to_the_response_template()
    {
        _gateway.Serve(MappedApi.Mock(
            "#set($context.requestOverride.path.body = $input.body){\"statusCode\": 200}", """{"said": "$util.parseJson($context.requestOverride.path.body).message", "body": $input.body}"""));
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 16", "{\"message\":\"hi\"}");
        Assert.Equal((200, """{"said": "hi", "body": {}}"""), (answer.Response.Status, answer.SentText));
    }

    // 6.9, with what a request without access control has.
    [Theory]
    [InlineData("$context.apiId $context.stage $context.httpMethod $context.resourcePath $context.path", "abcde12345 prod POST /pets/{id} /pets/42")]
    [InlineData("$context.protocol $context.domainName $context.domainPrefix", "HTTP/1.1 api.example.com api")]
    [InlineData("$context.identity.sourceIp $context.identity.userAgent", "192.168.0.1 agent/1")]
    [InlineData("[$context.identity.user][$context.identity.apiKey][$context.isCanaryRequest][$context.error.message][$context.status][$context.wafResponseCode]", "[][][][][][]")]
    [InlineData("[$context.authorizer.principalId][$context.authorizer.claims.sub][$context.authorizer.claims]", "[][][]")]
    [InlineData("$context.requestTimeEpoch #set($s = $context.requestTimeEpoch / 1000)$s $context.requestTime", "1795352400000 1795352400 22/Nov/2026:13:00:00 +0000")]
    [InlineData("$context.identity.keySet().contains('sourceIp') $context.keySet().contains('requestOverride') $context.keySet().contains('error')", "true true false")]
    [InlineData("$context.authorizer.keySet() $context.customDomain", "[] {basePathMatched=null, routingRuleIdMatched=null}")]
    public void Context_variables_have_the_requests_values(string template, string expected)
    {
        _gateway.Serve(MappedApi.Http(template));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        _gateway.Send("POST /pets/42 HTTP/1.1\nHost: api.example.com:8080\nUser-Agent: agent/1\nContent-Length: 0", "");
        Assert.Equal(expected, _gateway.Upstream.Body);
    }

    [Fact]
    public void The_ids_are_those_that_the_client_is_told()
    {
        _gateway.Serve(MappedApi.Mock("{\"statusCode\": 200}", "$context.requestId $context.extendedRequestId"));
        FakeExchange answer = _gateway.Send("GET /pets/42 HTTP/1.1");
        Assert.Equal($"{answer.ResponseField("x-amzn-RequestId")} {answer.ResponseField("x-amz-apigw-id")}", answer.SentText);
    }

    // 6.10.
    [Theory]
    [InlineData("$stageVariables.tbl ${stageVariables.url} $stageVariables['tbl'] ${stageVariables['url']} [$stageVariables.none]", "T1 a.b:80/x?y=1 T1 a.b:80/x?y=1 []")]
    [InlineData("$stageVariables", "{tbl=T1, url=a.b:80/x?y=1}")]
    public void Stage_variables_have_the_stages_values(string template, string expected)
    {
        _gateway.Serve(MappedApi.Mock("{\"statusCode\": 200}", template), variables: [("tbl", "T1"), ("url", "a.b:80/x?y=1")]);
        Assert.Equal(expected, _gateway.Send("GET /pets/42 HTTP/1.1").SentText);
    }

    [Theory]
    [InlineData("$util.parseJson('x')", null, "invalid_json")]
    [InlineData("$util.base64Decode('*')", null, "invalid_base64")]
    [InlineData(null, "$util.parseJson('x')", "invalid_json")]
    [InlineData("#if(true)", null, "not_compiled")]
    [InlineData(null, "#end", "not_compiled")]
    public void A_template_that_fails_is_500_on_either_side(string? request, string? response, string kind)
    {
        _gateway.Serve(MappedApi.Http(request, response));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        FakeExchange answer = _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((500, InternalError), (answer.Response.Status, answer.SentText));
        Assert.Equal("InternalServerErrorException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Equal(request is null ? 1 : 0, _gateway.Upstream.Calls);
        Assert.Equal("1", _gateway.Metric($"edgeproxy_template_failures_total{{api_id=\"abcde12345\",stage=\"prod\",resource=\"/pets/{{id}}\",method=\"ANY\",kind=\"{kind}\"}}"));
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Theory]
    [InlineData("templates.steps", "#set($l = [1..30])#foreach($i in $l)#foreach($j in $l)#foreach($k in $l)#end#end#end")]
    [InlineData("templates.output", "#foreach($i in [1..900])0123456789#end")]
    [InlineData("templates.text", "#set($s = \"0123456789\")#foreach($i in [1..20])#set($s = \"$s$s\")#end")]
    [InlineData("templates.items", "#set($x = [1..100000000])")]
    [InlineData("templates.nesting", "#set($l = [])#foreach($i in [1..50])#set($l = [$l])#end$l")]
    [InlineData("templates.calls", "#macro(f)#f()#end#f()")]
    public void A_template_that_has_no_end_meets_a_limit(string limit, string template)
    {
        var limits = new TemplateLimits { Output = 1000, Text = 10_000, Items = 1000, Steps = 20_000, Nesting = 20 };
        _gateway.ServeDocument(MappedApi.Document(MappedApi.Mock(template)), new GatewaySettings { Templates = limits });
        FakeExchange answer = _gateway.Send("GET /pets/1 HTTP/1.1");
        Assert.Equal((500, InternalError), (answer.Response.Status, answer.SentText));
        Assert.Equal("1", _gateway.Metric($"edgeproxy_limit_hits_total{{limit=\"{limit}\"}}"));
    }

    [Fact]
    public void A_loop_ends_at_its_most_iterations_and_is_counted()
    {
        _gateway.ServeDocument(MappedApi.Document(MappedApi.Mock("{\"statusCode\": 200}", "#foreach($i in [1..9])$i#end")), new GatewaySettings { Templates = new TemplateLimits { Iterations = 4 } });
        Assert.Equal("1234", _gateway.Send("GET /pets/1 HTTP/1.1").SentText);
        Assert.Equal("1", _gateway.Metric("edgeproxy_limit_hits_total{limit=\"templates.iterations\"}"));
    }

    [Fact]
    public void Nothing_that_one_request_set_is_there_for_the_next()
    {
        _gateway.Serve(MappedApi.Mock("#if($input.params('q') == '1')#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X-A = 'a')#set($x = 1)#end{\"statusCode\": 200}", "[$!x]"));
        FakeExchange first = _gateway.Send("GET /pets/1?q=1 HTTP/1.1");
        Assert.Equal((418, "a", "[]"), (first.Response.Status, first.ResponseField("X-A"), first.SentText));
        FakeExchange second = _gateway.Send("GET /pets/1?q=2 HTTP/1.1");
        Assert.Equal((200, null, "[]"), (second.Response.Status, second.ResponseField("X-A"), second.SentText));
    }

    [Fact]
    public void Proxy_types_look_at_no_template()
    {
        _gateway.Serve("type: http_proxy\nhttpMethod: POST\nuri: http://backend/v1\nrequestTemplates: {application/json: '#if('}\npassthroughBehavior: never");
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.Equal("ok", _gateway.Send("POST /pets/1 HTTP/1.1\nHost: node\nContent-Length: 4", "body").SentText);
        Assert.Equal("body", _gateway.Upstream.Body);
    }
}

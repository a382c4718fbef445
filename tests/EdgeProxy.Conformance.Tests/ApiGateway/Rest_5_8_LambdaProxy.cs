using System.Text.Json.Nodes;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.8: the event of payload format 1.0 and the function's result, row by row.</summary>
public sealed class Rest_5_8_LambdaProxy : IDisposable
{
    private const string InternalServerError = "{\"message\": \"Internal server error\"}";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void The_event_has_every_key_of_the_example()
    {
        _gateway.Route("ANY /{proxy+}", LambdaProxy(), BodyNeed.Whole);
        ServeById();
        _gateway.Send("GET /stage/proxy-value HTTP/1.1\nHost: abcde12345.execute-api.us-east-1.amazonaws.com\nAccept: */*\nuser-agent: x\nContent-Length: 0\nConnection: close", "");
        JsonNode sent = JsonNode.Parse(_gateway.Functions.EventBytes)!;
        string requestId = (string)sent["requestContext"]!["requestId"]!;
        string extended = (string)sent["requestContext"]!["extendedRequestId"]!;
        JsonNode expected = JsonNode.Parse($$"""
            {
              "resource": "/{proxy+}",
              "path": "/proxy-value",
              "httpMethod": "GET",
              "headers": {
                "Host": "abcde12345.execute-api.us-east-1.amazonaws.com", "Accept": "*/*", "User-Agent": "x",
                "X-Amzn-Trace-Id": "{{_gateway.Functions.Trace}}", "X-Forwarded-For": "192.168.0.1", "X-Forwarded-Port": "8080", "X-Forwarded-Proto": "http"
              },
              "multiValueHeaders": {
                "Host": ["abcde12345.execute-api.us-east-1.amazonaws.com"], "Accept": ["*/*"], "User-Agent": ["x"],
                "X-Amzn-Trace-Id": ["{{_gateway.Functions.Trace}}"], "X-Forwarded-For": ["192.168.0.1"], "X-Forwarded-Port": ["8080"], "X-Forwarded-Proto": ["http"]
              },
              "queryStringParameters": null,
              "multiValueQueryStringParameters": null,
              "pathParameters": { "proxy": "proxy-value" },
              "stageVariables": null,
              "requestContext": {
                "resourceId": "res0",
                "resourcePath": "/{proxy+}",
                "httpMethod": "GET",
                "extendedRequestId": "{{extended}}",
                "requestTime": "22/Nov/2026:13:00:00 +0000",
                "path": "/stage/proxy-value",
                "accountId": "000000000000",
                "protocol": "HTTP/1.1",
                "stage": "stage",
                "domainPrefix": "abcde12345",
                "requestTimeEpoch": 1795352400000,
                "requestId": "{{requestId}}",
                "identity": {
                  "cognitoIdentityPoolId": null, "accountId": null, "cognitoIdentityId": null, "caller": null,
                  "sourceIp": "192.168.0.1", "principalOrgId": null, "accessKey": null,
                  "cognitoAuthenticationType": null, "cognitoAuthenticationProvider": null,
                  "userArn": null, "userAgent": "x", "user": null
                },
                "domainName": "abcde12345.execute-api.us-east-1.amazonaws.com",
                "deploymentId": "dep1",
                "apiId": "abcde12345"
              },
              "body": null,
              "isBase64Encoded": false
            }
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, sent), sent.ToJsonString());
        Assert.Equal(
            ["resource", "path", "httpMethod", "headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "requestContext", "body", "isBase64Encoded"],
            sent.AsObject().Select(member => member.Key));
        Assert.Equal(requestId, _gateway.Exchange.ResponseField("x-amzn-RequestId"));
        Assert.Equal(extended, _gateway.Exchange.ResponseField("x-amz-apigw-id"));
    }

    [Theory]
    [InlineData("/stage/proxy-value", "/proxy-value", "proxy-value", "/stage/proxy-value")]
    [InlineData("/stage/proxy-value/", "/proxy-value/", "proxy-value", "/stage/proxy-value/")]
    [InlineData("/stage/proxy-value//double-slash", "/proxy-value//double-slash", "proxy-value//double-slash", "/stage/proxy-value//double-slash")]
    [InlineData("//stage/proxy-value", "/proxy-value", "proxy-value", "/stage/proxy-value")]
    [InlineData("/stage//proxy-value", "/proxy-value", "proxy-value", "/stage//proxy-value")]
    [InlineData("/stage//hardcoded", "/hardcoded", null, "/stage//hardcoded")]
    [InlineData("/stage/proxy-value/api/user/test%2Balias@gmail.com", "/proxy-value/api/user/test%2Balias@gmail.com", "proxy-value/api/user/test%2Balias@gmail.com", "/stage/proxy-value/api/user/test%2Balias@gmail.com")]
    public void Paths_are_those_of_the_table_of_1_4(string target, string path, string? parameter, string contextPath)
    {
        _gateway.Route("GET /{proxy+}", LambdaProxy(), BodyNeed.Whole).Route("GET /hardcoded", LambdaProxy(), BodyNeed.Whole);
        ServeById();
        _gateway.Send($"GET {target} HTTP/1.1\nHost: abcde12345.execute-api.us-east-1.amazonaws.com");
        JsonNode sent = Event();
        Assert.Equal(path, (string?)sent["path"]);
        Assert.Equal(parameter, (string?)sent["pathParameters"]?["proxy"]);
        Assert.Equal(contextPath, (string?)sent["requestContext"]!["path"]);
    }

    [Fact]
    public void A_base_path_shows_in_both_paths()
    {
        _gateway.Route("GET /{proxy+}", LambdaProxy(), BodyNeed.Whole).Serve(basePath: "shop/v1");
        JsonNode sent = Event("GET /shop/v1/items/7 HTTP/1.1");
        Assert.Equal("/shop/v1/items/7", (string?)sent["path"]);
        Assert.Equal("/shop/v1/items/7", (string?)sent["requestContext"]!["path"]);
        Assert.Equal("items/7", (string?)sent["pathParameters"]!["proxy"]);
    }

    [Fact]
    public void Query_values_are_decoded_and_the_last_of_a_name_is_the_single_one()
    {
        Serve();
        JsonNode sent = Event("GET /?category=electronics&category=books&price=10&price=20&price=30&a%2Bb=1+2%2B3&empty HTTP/1.1");
        Assert.Equal("""{"category":"books","price":"30","a\u002Bb":"1 2\u002B3","empty":""}""", sent["queryStringParameters"]!.ToJsonString());
        Assert.Equal("""{"category":["electronics","books"],"price":["10","20","30"],"a\u002Bb":["1 2\u002B3"],"empty":[""]}""", sent["multiValueQueryStringParameters"]!.ToJsonString());
    }

    [Fact]
    public void Headers_have_their_last_value_and_all_values_and_their_own_casing()
    {
        Serve();
        JsonNode sent = Event("GET / HTTP/1.1\nHost: node\ntEsT-HEADeR: one\nX-B: 2\ntEsT-HEADeR: two\nauthorization: Bearer t\nuser-agent: u\nVia: 1.1 p\nContent-Encoding: identity");
        Assert.Equal("two", (string?)sent["headers"]!["tEsT-HEADeR"]);
        Assert.Equal("""["one","two"]""", sent["multiValueHeaders"]!["tEsT-HEADeR"]!.ToJsonString());
        Assert.Equal("Bearer t", (string?)sent["headers"]!["Authorization"]);
        Assert.Equal("u", (string?)sent["headers"]!["User-Agent"]);
        Assert.Equal("1.1 p", (string?)sent["headers"]!["Via"]);
        Assert.Equal("identity", (string?)sent["headers"]!["Content-Encoding"]);
    }

    [Theory]
    [InlineData("Authorization: AWS4-HMAC-SHA256 Credential=AKID/20261123/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=0", "Authorization")]
    [InlineData("Connection: x-hop\nX-Hop: 1", "X-Hop")]
    [InlineData("Connection: close", "Connection")]
    [InlineData("Content-MD5: x", "Content-MD5")]
    [InlineData("Max-Forwards: 1", "Max-Forwards")]
    [InlineData("Proxy-Authenticate: x", "Proxy-Authenticate")]
    [InlineData("Server: x", "Server")]
    [InlineData("TE: trailers", "TE")]
    [InlineData("Trailer: x", "Trailer")]
    [InlineData("WWW-Authenticate: x", "WWW-Authenticate")]
    [InlineData("Upgrade: h2c", "Upgrade")]
    public void Headers_of_the_connection_and_the_list_of_4_2_are_in_neither_map(string fields, string name)
    {
        Serve();
        JsonNode sent = Event("GET / HTTP/1.1\nHost: node\n" + fields);
        Assert.DoesNotContain(sent["headers"]!.AsObject(), member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(sent["multiValueHeaders"]!.AsObject(), member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_full_trace_header_is_preserved_and_echoed()
    {
        Serve();
        const string Trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        JsonNode sent = Event("GET / HTTP/1.1\nHost: node\nX-Amzn-Trace-Id: " + Trace);
        Assert.Equal(Trace, (string?)sent["headers"]!["X-Amzn-Trace-Id"]);
        Assert.Equal(Trace, _gateway.Functions.Trace);
        Assert.Equal(Trace, _gateway.Exchange.ResponseField("X-Amzn-Trace-Id"));
    }

    [Fact]
    public void Stage_variables_and_path_parameters_are_objects_when_there_are_any()
    {
        _gateway.Route("GET /pets/{id}/{part}", LambdaProxy(), BodyNeed.Whole).Serve(variables: [("color", "red"), ("n", "1")]);
        JsonNode sent = Event("GET /pets/a%20b/c HTTP/1.1");
        Assert.Equal("""{"color":"red","n":"1"}""", sent["stageVariables"]!.ToJsonString());
        Assert.Equal("""{"id":"a%20b","part":"c"}""", sent["pathParameters"]!.ToJsonString());
        Assert.Equal("/pets/{id}/{part}", (string?)sent["resource"]);
    }

    [Theory]
    [InlineData("text/plain", "a\"b\\c\n\u0001", "a\"b\\c\n\u0001", false)]
    [InlineData("image/png", "\u0089PNG", "iVBORw==", true)]
    [InlineData("image/png; x=1", "abc", "YWJj", true)]
    [InlineData("application/json", "{\"a\":1}", "{\"a\":1}", false)]
    [InlineData("text/plain", "\u00c3\u00a9", "\u00e9", false)]
    [InlineData("text/plain", "a\u00ffb\u00c3", "a\ufffdb\ufffd", false)]
    public void The_body_is_text_or_base64_by_its_media_type(string mediaType, string bytes, string expected, bool isBase64)
    {
        _gateway.BinaryTypes = new BinaryMediaTypes(["image/png"]);
        _gateway.Route("POST /", LambdaProxy(), BodyNeed.Whole).Serve();
        _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Type: {mediaType}\nContent-Length: {bytes.Length}", bytes);
        JsonNode sent = Event();
        Assert.Equal(expected, (string?)sent["body"]);
        Assert.Equal(isBase64, (bool?)sent["isBase64Encoded"]);
    }

    [Fact]
    public void A_body_of_GET_is_passed_on()
    {
        Serve();
        _gateway.Send("GET / HTTP/1.1\nHost: node\nContent-Length: 2", "hi");
        Assert.Equal("hi", (string?)Event()["body"]);
    }

    [Fact]
    public void An_event_of_more_than_6_MB_is_413()
    {
        _gateway.Route("POST /", LambdaProxy(), BodyNeed.Whole).Serve(new GatewaySettings { FunctionPayloadLimit = 2500 });
        _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Length: 2500", new string('x', 2500));
        Assert.Equal(413, _gateway.Exchange.Response.Status);
        Assert.Equal("{\"message\":\"Request Too Long\"}", _gateway.Exchange.SentText);
        Assert.Equal(0, _gateway.Functions.Calls);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Theory]
    [InlineData("{}", 200, "", null)]
    [InlineData("""{"statusCode":200}""", 200, "", null)]
    [InlineData("""{"headers":{"X-A":"1"}}""", 200, "", "1")]
    [InlineData("""{"statusCode":"201"}""", 201, "", null)]
    [InlineData("""{"headers":null,"multiValueHeaders":null,"body":null,"isBase64Encoded":null,"statusCode":null}""", 200, "", null)]
    [InlineData("""{"headers":{"X-A":true}}""", 200, "", "true")]
    [InlineData("""{"headers":{"X-A":false}}""", 200, "", "false")]
    [InlineData("""{"headers":{"X-A":12}}""", 200, "", "12")]
    [InlineData("""{"headers":{"X-A":1.50}}""", 200, "", "1.50")]
    [InlineData("""{"headers":{"X-A":null}}""", 200, "", null)]
    [InlineData("""{"multiValueHeaders":{"X-A":["1","2",true,3]}}""", 200, "", "1|2|true|3")]
    [InlineData("""{"body":"hello"}""", 200, "hello", null)]
    [InlineData("""{"body":"a\n\"\u0041\\"}""", 200, "a\n\"A\\", null)]
    [InlineData("""{"st\u0061tusCode":202,"body":""}""", 202, "", null)]
    [InlineData(" {\r\n\t\"statusCode\" : 404 , \"body\" : \"x\" } ", 404, "x", null)]
    [InlineData("""{"body":"x","isBase64Encoded":false}""", 200, "x", null)]
    [InlineData("""{"body":"eA==","isBase64Encoded":true}""", 200, "eA==", null)]
    public void A_result_of_the_form_becomes_the_response(string result, int status, string body, string? header)
    {
        Serve();
        _gateway.Functions.Answer(result);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal(body, answer.SentText);
        Assert.Equal(header, answer.ResponseField("X-A"));
        Assert.Equal("application/json", answer.ResponseField("Content-Type"));
        Assert.NotNull(answer.ResponseField("X-Amzn-Trace-Id"));
    }

    [Theory]
    [InlineData("""{"statusCode":"test"}""")]
    [InlineData("""{"statusCode":200.5}""")]
    [InlineData("""{"statusCode":99}""")]
    [InlineData("""{"statusCode":600}""")]
    [InlineData("""{"statusCode":true}""")]
    [InlineData("""{"statusCode":""}""")]
    [InlineData("""{"statusCode":99999999999999999999}""")]
    [InlineData("""{"statusCode":200,"wrongValue":1}""")]
    [InlineData("\"text\"")]
    [InlineData("12")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"statusCode\":200}x")]
    [InlineData("not json")]
    [InlineData("""{"headers":[]}""")]
    [InlineData("""{"headers":"x"}""")]
    [InlineData("""{"headers":{"X-A":{}}}""")]
    [InlineData("""{"headers":{"X-A":["1"]}}""")]
    [InlineData("""{"headers":{"":"1"}}""")]
    [InlineData("""{"headers":{"X A":"1"}}""")]
    [InlineData("""{"headers":{"X-A":"1\r\nX-B: 2"}}""")]
    [InlineData("""{"multiValueHeaders":[]}""")]
    [InlineData("""{"multiValueHeaders":{"X-A":"1"}}""")]
    [InlineData("""{"multiValueHeaders":{"X-A":[["1"]]}}""")]
    [InlineData("""{"body":{"a":1}}""")]
    [InlineData("""{"body":5}""")]
    [InlineData("""{"body":"x","isBase64Encoded":"true"}""")]
    [InlineData("""{"cookies":["a=b"]}""")]
    public void A_result_of_another_form_is_502(string result)
    {
        Serve();
        _gateway.Functions.Answer(result);
        AssertRefused(502);
    }

    [Theory]
    [InlineData(FunctionOutcome.FunctionError, 502, "Internal server error", " ")]
    [InlineData(FunctionOutcome.Throttled, 500, "Internal server error", " ")]
    [InlineData(FunctionOutcome.AccessDenied, 500, "Internal server error", " ")]
    [InlineData(FunctionOutcome.NotFound, 500, "Internal server error", " ")]
    [InlineData(FunctionOutcome.ConnectFailed, 500, "Internal server error", " ")]
    [InlineData(FunctionOutcome.TlsFailed, 500, "Internal server error", " ")]
    [InlineData(FunctionOutcome.Malformed, 500, "Internal server error", " ")]
    [InlineData(FunctionOutcome.ServiceFailed, 500, "Internal server error", " ")]
    [InlineData(FunctionOutcome.BadEvent, 500, "Internal server error", " ")]
    [InlineData(FunctionOutcome.EventTooLarge, 413, "Request Too Long", "")]
    [InlineData(FunctionOutcome.TimedOut, 504, "Endpoint request timed out", "")]
    public void A_call_that_fails_has_the_status_of_the_table(FunctionOutcome outcome, int status, string message, string space)
    {
        Serve();
        _gateway.Functions.Outcome = outcome;
        _gateway.Functions.Answer("""{"errorMessage":"secret"}""");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal($"{{\"message\":{space}\"{message}\"}}", answer.SentText);
        Assert.Equal(status == 413 ? "RequestTooLargeException" : "InternalServerErrorException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Null(answer.ResponseField("X-Amzn-Trace-Id"));
        Assert.True(_gateway.Functions.IsReturned);
    }

    [Fact]
    public void A_name_that_no_target_takes_is_500()
    {
        Serve();
        _gateway.Functions.IsEmpty = true;
        AssertRefused(500);
    }

    [Theory]
    [InlineData(BodyStatus.TooLarge, 502)]
    [InlineData(BodyStatus.Truncated, 502)]
    [InlineData(BodyStatus.TimedOut, 504)]
    public void A_result_that_breaks_off_is_answered_for(BodyStatus end, int status)
    {
        Serve();
        _gateway.Functions.Answer().Add(BodyStatus.Data, "{").Add(end);
        Assert.Equal(status, _gateway.Send("GET / HTTP/1.1").Response.Status);
    }

    [Fact]
    public void A_result_of_more_than_6_MB_is_502()
    {
        _gateway.Route("GET /", LambdaProxy(), BodyNeed.Whole).Serve(new GatewaySettings { FunctionPayloadLimit = 3000 });
        _gateway.Functions.Answer("{\"body\":\"", new string('x', 3000), "\"}");
        AssertRefused(502);
    }

    [Theory]
    [InlineData(3, 1000, "limits.functionHeaderCount")]
    [InlineData(1000, 300, "limits.functionHeaderBytes")]
    public void A_result_with_more_fields_than_the_node_allows_is_502(int count, int bytes, string limit)
    {
        _gateway.Route("GET /", LambdaProxy(), BodyNeed.Whole).Serve(new GatewaySettings { FunctionFields = new FunctionFieldLimits(bytes, count) });
        string value = new('x', 200);
        _gateway.Functions.Answer($$$"""{"headers":{"a":"{{{value}}}","b":"2"}}""");
        Assert.Equal(200, _gateway.Send("GET / HTTP/1.1").Response.Status);
        _gateway.Functions.Answer($$$"""{"headers":{"a":"{{{value}}}","b":"2","c":"3","d":"{{{value}}}"}}""");
        AssertRefused(502);
        Assert.Equal("1", _gateway.Metric($"edgeproxy_limit_hits_total{{limit=\"{limit}\"}}"));
    }

    [Theory]
    [InlineData("""{"multiValueHeaders":{"tesT-Multi":["value-multi"]},"headers":{"test-multi":"value-solo"}}""", "tesT-Multi: value-multi\ntesT-Multi: value-solo\n")]
    [InlineData("""{"headers":{"test-multi":"value-solo"},"multiValueHeaders":{"tesT-Multi":["value-multi"]}}""", "tesT-Multi: value-multi\ntesT-Multi: value-solo\n")]
    [InlineData("""{"multiValueHeaders":{"X":["1","1","2"]},"headers":{"x":"2"}}""", "X: 1\nX: 2\n")]
    [InlineData("""{"multiValueHeaders":{"Set-Cookie":["a=1","b=2"]},"headers":{"set-cookie":"c=3"}}""", "Set-Cookie: a=1\nSet-Cookie: b=2\nSet-Cookie: c=3\n")]
    [InlineData("""{"headers":{"content-type":"text/plain"}}""", "content-type: text/plain\n")]
    [InlineData("""{"headers":{"X-Amzn-ErrorType":"Mine"}}""", "X-Amzn-ErrorType: Mine\n")]
    [InlineData("""{"headers":{"X":"\u00e9\ud800"}}""", "X: \u00c3\u00a9\u00ef\u00bf\u00bd\n")]
    public void Both_header_maps_are_merged(string result, string fields)
    {
        Serve();
        _gateway.Functions.Answer(result);
        Assert.StartsWith(fields, _gateway.Send("GET / HTTP/1.1").ResponseFields(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connection", true)]
    [InlineData("Content-Length", true)]
    [InlineData("date", true)]
    [InlineData("Server", true)]
    [InlineData("Authorization", true)]
    [InlineData("Content-MD5", true)]
    [InlineData("Max-Forwards", true)]
    [InlineData("User-Agent", true)]
    [InlineData("WWW-Authenticate", true)]
    [InlineData("Transfer-Encoding", false)]
    [InlineData("Expect", false)]
    [InlineData("Host", false)]
    [InlineData("Proxy-Authenticate", false)]
    [InlineData("TE", false)]
    [InlineData("Trailer", false)]
    [InlineData("Upgrade", false)]
    [InlineData("Via", false)]
    public void Headers_of_4_1_and_4_3_are_renamed_or_dropped(string name, bool isRenamed)
    {
        Serve();
        _gateway.Functions.Answer($"{{\"headers\":{{\"{name}\":\"v\"}},\"multiValueHeaders\":{{\"{name}\":[\"w\"]}}}}");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Null(answer.ResponseField(name));
        Assert.Equal(isRenamed ? "w|v" : null, answer.ResponseField("x-amzn-Remapped-" + name));
    }

    [Theory]
    [InlineData("image/png", "hi")]
    [InlineData("image/png, text/html", "hi")]
    [InlineData("text/html, image/png", "aGk=")]
    [InlineData("*/*", "aGk=")]
    [InlineData(null, "aGk=")]
    public void The_body_is_decoded_only_for_a_client_that_accepts_a_binary_type_first(string? accept, string body)
    {
        _gateway.BinaryTypes = new BinaryMediaTypes(["image/png"]);
        Serve();
        _gateway.Functions.Answer("""{"body":"aGk=","isBase64Encoded":true,"headers":{"Content-Type":"text/plain"}}""");
        Assert.Equal(body, _gateway.Send("GET / HTTP/1.1\nHost: node" + (accept is null ? "" : "\nAccept: " + accept)).SentText);
    }

    [Fact]
    public void Bad_base64_is_500()
    {
        _gateway.BinaryTypes = new BinaryMediaTypes(["*/*"]);
        Serve();
        _gateway.Functions.Answer("""{"body":"a b!","isBase64Encoded":true}""");
        AssertRefused(500);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("connection")]
    [InlineData("Content-Length")]
    [InlineData("Expect")]
    [InlineData("Proxy-Authenticate")]
    [InlineData("TE")]
    [InlineData("Transfer-Encoding")]
    [InlineData("X-Amzn-Trace-Id")]
    [InlineData("X-Amzn-Apigateway-Api-Id")]
    public void A_forbidden_header_mapping_fails_every_call_though_mappings_are_not_applied(string name)
    {
        _gateway.Route("GET /", LambdaProxy(parameters: [Map("integration.request.header." + name, "'x'")]), BodyNeed.Whole).Serve();
        AssertRefused(500);
        Assert.Equal(0, _gateway.Functions.Calls);
    }

    [Fact]
    public void Another_header_mapping_is_not_applied()
    {
        _gateway.Route("GET /", LambdaProxy(parameters: [Map("integration.request.header.X-Mapped", "'x'")]), BodyNeed.Whole).Serve();
        Assert.Null(Event("GET / HTTP/1.1")["headers"]!["X-Mapped"]);
    }

    [Fact]
    public void Another_method_than_POST_fails_every_call()
    {
        _gateway.Route("GET /", LambdaProxy(isPost: false), BodyNeed.Whole).Serve();
        AssertRefused(500);
        Assert.Equal(0, _gateway.Functions.Calls);
    }

    [Theory]
    [InlineData("${stageVariables.fn}", "hello", "arn:aws:lambda:eu-west-1:111122223333:function:hello")]
    [InlineData("hello:${stageVariables.fn}", "PROD", "arn:aws:lambda:eu-west-1:111122223333:function:hello:PROD")]
    public void Stage_variables_name_function_and_alias(string function, string variable, string arn)
    {
        _gateway.Route("GET /", LambdaProxy(function), BodyNeed.Whole).Serve(variables: ("fn", variable));
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(arn, _gateway.Functions.Called!.Arn);
    }

    [Theory]
    [InlineData("bad name")]
    [InlineData("")]
    public void A_variable_that_makes_no_function_is_a_configuration_error(string variable)
    {
        _gateway.Route("GET /", LambdaProxy("${stageVariables.fn}"), BodyNeed.Whole).Serve(variables: ("fn", variable));
        AssertRefused(500);
    }

    [Fact]
    public void A_path_parameter_may_choose_the_function_but_nothing_beyond()
    {
        _gateway.Route("GET /{fn}", LambdaProxy("pre-{fn}", parameters: [Map("integration.request.path.fn", "method.request.path.fn", "fn")]), BodyNeed.Whole).Serve();
        _gateway.Send("GET /pets HTTP/1.1");
        Assert.Equal("pre-pets", _gateway.Functions.Called!.Name);
        FunctionName first = _gateway.Functions.Called;
        _gateway.Send("GET /pets HTTP/1.1");
        Assert.Same(first, _gateway.Functions.Called);
        Assert.Equal(500, _gateway.Send("GET /a%3Ab HTTP/1.1").Response.Status);
        Assert.Equal(2, _gateway.Functions.Calls);
    }

    [Fact]
    public void A_client_that_goes_away_gives_the_call_up()
    {
        Serve();
        _gateway.Functions.Waits = true;
        _gateway.Start("GET / HTTP/1.1");
        _gateway.Exchange.Abort(EdgeProxy.Http.Server.AbortReason.ClientGone);
        _gateway.Loop.Run();
        Assert.Equal(1, _gateway.Functions.Aborts);
        Assert.True(_gateway.Functions.IsReturned);
    }

    [Fact]
    public void The_clock_covers_the_whole_call()
    {
        Serve();
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(_gateway.Exchange.StartedAt + 29_000_000_000, _gateway.Functions.Deadline);
        Assert.Equal(InvocationType.RequestResponse, _gateway.Functions.Type);
        Assert.False(_gateway.Functions.Streams);
    }

    [Fact]
    public void Failures_are_counted_by_kind()
    {
        Serve();
        _gateway.Functions.Outcome = FunctionOutcome.FunctionError;
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal("1", _gateway.Metric("""edgeproxy_integration_errors_total{api_id="abcde12345",stage="prod",resource="/",method="GET",integration_type="AWS_PROXY",kind="function_error"}"""));
    }

    [Fact]
    public void No_body_follows_a_HEAD_or_a_204()
    {
        _gateway.Route("HEAD /", LambdaProxy(), BodyNeed.Whole).Route("GET /", LambdaProxy(), BodyNeed.Whole).Serve();
        _gateway.Functions.Answer("""{"body":"hello"}""");
        FakeExchange answer = _gateway.Send("HEAD / HTTP/1.1");
        Assert.Equal("", answer.SentText);
        Assert.Equal(5, answer.Response.ContentLength);
        _gateway.Functions.Answer("""{"statusCode":204,"body":"hello"}""");
        answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal("", answer.SentText);
        Assert.Equal(BodyFraming.None, answer.Response.Framing);
    }

    private void Serve() => _gateway.Route("GET /", LambdaProxy(), BodyNeed.Whole).Serve();

    private void ServeById()
    {
        StagePlan stage = _gateway.Stage("stage");
        _gateway.Snapshots.Swap(new GatewaySnapshot { Apis = new Utf8Table<ApiEntry>([(Api.Id, new ApiEntry(Api.Id, [stage]))]) });
    }

    private JsonNode Event(string? head = null)
    {
        if (head is not null) _gateway.Send(head);
        Assert.Equal(200, _gateway.Exchange.Response.Status);
        return JsonNode.Parse(_gateway.Functions.EventBytes)!;
    }

    private void AssertRefused(int status)
    {
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal(InternalServerError, answer.SentText);
        Assert.Equal("InternalServerErrorException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.True(_gateway.Functions.IsReturned);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }
}

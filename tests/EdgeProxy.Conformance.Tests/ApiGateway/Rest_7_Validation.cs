using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 7, from the document to the bytes of the answer.</summary>
public sealed class Rest_7_Validation : IDisposable
{
    private const string InvalidBody = "{\"message\":\"Invalid request body\"}";

    private const string Document = """
        openapi: 3.0.1
        info: {title: Orders, version: '1'}
        x-amazon-apigateway-request-validators:
          all: {validateRequestBody: true, validateRequestParameters: true}
          body: {validateRequestBody: true, validateRequestParameters: false}
          params: {validateRequestBody: false, validateRequestParameters: true}
        x-amazon-apigateway-request-validator: all
        components:
          schemas:
            Order:
              type: object
              required: [type, name]
              properties:
                type: {type: string, enum: [cat, dog]}
                name: {type: string, minLength: 2}
                age: {type: integer, minimum: 25}
                next: {$ref: '#/components/schemas/Order'}
            Text: {type: string}
        paths:
          /orders:
            post: &post
              parameters:
                - {name: qs1, in: query, required: true, schema: {type: string}}
                - {name: x-header-param, in: header, required: true, schema: {type: string}}
                - {name: X-Optional, in: header, schema: {type: string}}
              requestBody:
                content:
                  application/json: {schema: {$ref: '#/components/schemas/Order'}}
                  application/vnd.text+json: {schema: {$ref: '#/components/schemas/Text'}}
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://backend/orders'}
          /orders/{issuer}:
            parameters:
              - {name: issuer, in: path, required: true, schema: {type: string}}
            post: *post
          /body:
            post:
              x-amazon-apigateway-request-validator: body
              parameters:
                - {name: qs1, in: query, required: true, schema: {type: string}}
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://backend/body'}
          /params:
            get:
              x-amazon-apigateway-request-validator: params
              parameters:
                - {name: q, in: query, required: true, schema: {type: string}}
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://backend/params'}
          /default:
            post:
              x-amazon-apigateway-request-validator: body
              requestBody:
                content:
                  $default: {schema: {$ref: '#/components/schemas/Order'}}
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://backend/default'}
          /mock:
            post:
              x-amazon-apigateway-request-validator: body
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: '200'}}
        """;

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("POST /orders HTTP/1.1", "[x-header-param, qs1]")]
    [InlineData("POST /orders?qs1= HTTP/1.1\nx-header-param: 1", "[qs1]")]
    [InlineData("POST /orders?qs1 HTTP/1.1\nx-header-param: 1", "[qs1]")]
    [InlineData("POST /orders?qs1=%20+ HTTP/1.1\nx-header-param: 1", "[qs1]")]
    [InlineData("POST /orders?QS1=a HTTP/1.1\nx-header-param: 1", "[qs1]")]
    [InlineData("POST /orders?qs1=a&qs1= HTTP/1.1\nx-header-param: 1", "[qs1]")]
    [InlineData("POST /orders?qs1=a HTTP/1.1\nx-header-param: ", "[x-header-param]")]
    [InlineData("POST /orders?qs1=a HTTP/1.1\nX-Header-Param: 1", "[x-header-param]")]
    [InlineData("POST /orders/%20 HTTP/1.1", "[x-header-param, issuer, qs1]")]
    public void Missing_and_blank_parameters_are_named_in_the_order_of_their_keys(string head, string names)
    {
        FakeExchange answer = Send(head);
        Assert.Equal(400, answer.Response.Status);
        Assert.Equal($$"""{"message":"Missing required request parameters: {{names}}"}""", answer.SentText);
        Assert.Equal("BadRequestException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Equal("application/json", answer.ResponseField("Content-Type"));
        Assert.Equal(answer.SentText.Length, answer.Response.ContentLength);
        Assert.Null(answer.ResponseField("X-Amzn-Trace-Id"));
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Fact]
    public void Header_names_of_http_2_are_compared_without_case()
    {
        Serve(Document.Replace("name: x-header-param", "name: X-Header-Param", StringComparison.Ordinal));
        Assert.Equal(400, _gateway.Send("POST /orders?qs1=a HTTP/1.1\nHost: node\nx-header-param: 1\nContent-Length: 2", "{}").Response.Status);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        _gateway.Exchange.Receive("POST /orders?qs1=a HTTP/1.1\nHost: node\nx-header-param: 1\nContent-Length: 27", """{"type":"cat","name":"Tom"}""");
        _gateway.Exchange.Request.Version = 20;
        _gateway.Handle();
        Assert.Equal(200, _gateway.Exchange.Response.Status);
    }

    [Fact]
    public void Parameters_are_judged_before_the_body_is_looked_at()
    {
        FakeExchange answer = Send("POST /orders HTTP/1.1\nContent-Type: application/json", "nonsense");
        Assert.Contains("Missing required request parameters", answer.SentText, StringComparison.Ordinal);
        Assert.True(answer.HasUnreadBody);
    }

    [Theory]
    [InlineData("""{"type":"cat","name":"Tom"}""", 200)]
    [InlineData("""{"type":"cat","name":"Tom","next":{"type":"dog","name":"Rex","age":25}}""", 200)]
    [InlineData("""{"type":"cat","name":"Tom","next":{"type":"dog","name":"Rex","age":20}}""", 400)]
    [InlineData("""{"type":"frog","name":"Tom"}""", 400)]
    [InlineData("""{"name":"Tom"}""", 400)]
    [InlineData("[]", 400)]
    [InlineData("no json", 400)]
    [InlineData("", 400)]
    public void A_body_has_to_match_its_model(string body, int status)
    {
        FakeExchange answer = Send("POST /body HTTP/1.1\nContent-Type: application/json; charset=utf-8", body);
        Assert.Equal(status, answer.Response.Status);
        if (status == 200)
        {
            Assert.Equal(body, _gateway.Upstream.Body);
            Assert.Equal(body.Length, _gateway.Upstream.ContentLength);
            return;
        }

        Assert.Equal(InvalidBody, answer.SentText);
        Assert.Equal("BadRequestException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Equal(0, _gateway.Upstream.Calls);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Theory]
    [InlineData(null, 400)]
    [InlineData("", 400)]
    [InlineData("application/json", 400)]
    [InlineData("Application/JSON", 400)]
    [InlineData(" application/json ;q=1", 400)]
    [InlineData("text/plain", 200)]
    [InlineData("application/xml\nContent-Type: application/json", 400)]
    [InlineData("application/json\nContent-Type: application/xml", 400)]
    public void The_media_type_chooses_the_model_and_one_without_a_model_is_not_checked(string? contentType, int status)
    {
        string head = "POST /body HTTP/1.1" + (contentType is null ? "" : "\nContent-Type: " + contentType);
        Assert.Equal(status, Send(head, "no json").Response.Status);
    }

    [Theory]
    [InlineData("application/vnd.text+json", "\"text\"", 200)]
    [InlineData("application/vnd.text+json", "{}", 400)]
    [InlineData("application/json", "\"text\"", 400)]
    public void Each_media_type_has_its_own_model(string contentType, string body, int status) =>
        Assert.Equal(status, Send($"POST /orders?qs1=a HTTP/1.1\nx-header-param: 1\nContent-Type: {contentType}", body).Response.Status);

    [Theory]
    [InlineData("text/plain", "no json", 400)]
    [InlineData("text/plain", """{"type":"cat","name":"Tom"}""", 200)]
    [InlineData("application/json", "{}", 400)]
    public void The_default_model_takes_every_other_media_type(string contentType, string body, int status) =>
        Assert.Equal(status, Send($"POST /default HTTP/1.1\nContent-Type: {contentType}", body).Response.Status);

    [Fact]
    public void An_empty_body_is_validated_as_an_empty_object()
    {
        Assert.Equal(InvalidBody, Send("POST /body HTTP/1.1").SentText);
        Serve(Document.Replace("required: [type, name]", "minProperties: 0", StringComparison.Ordinal));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.Equal(200, _gateway.Send("POST /body HTTP/1.1").Response.Status);
        Assert.Equal("", _gateway.Upstream.Body);
    }

    [Fact]
    public void A_validator_looks_at_what_it_names_and_at_nothing_else()
    {
        Assert.Equal(400, Send("GET /params HTTP/1.1").Response.Status);
        Assert.Equal(200, Send("GET /params?q=1 HTTP/1.1").Response.Status);
        Assert.Equal(200, Send("POST /body HTTP/1.1", """{"type":"cat","name":"Tom"}""").Response.Status);
    }

    [Fact]
    public void A_mock_is_validated_too()
    {
        Assert.Equal(InvalidBody, Send("POST /mock HTTP/1.1", "{}").SentText);
        Assert.Equal(200, Send("POST /mock HTTP/1.1", """{"type":"cat","name":"Tom"}""").Response.Status);
    }

    [Fact]
    public void Customised_answers_can_tell_the_details()
    {
        Serve(Document + """

            x-amazon-apigateway-gateway-responses:
              BAD_REQUEST_BODY:
                statusCode: 422
                responseParameters: {gatewayresponse.header.X-Why: context.error.validationErrorString}
                responseTemplates:
                  text/plain: '$context.error.responseType $context.error.messageString $context.error.validationErrorString'
              BAD_REQUEST_PARAMETERS:
                responseTemplates:
                  text/plain: '$context.error.message|$context.error.messageString|$context.error.validationErrorString'
            """);
        FakeExchange body = _gateway.Send("POST /body HTTP/1.1\nHost: node\nContent-Length: 12", """{"name":"T"}""");
        Assert.Equal(422, body.Response.Status);
        const string Details = """[string "T" is too short (length: 1, required minimum: 2), object has missing required properties (["type"])]""";
        Assert.Equal("BAD_REQUEST_BODY \"Invalid request body\" " + Details, body.SentText);
        Assert.Equal(Details, body.ResponseField("X-Why"));
        Assert.Equal("BadRequestException", body.ResponseField("x-amzn-ErrorType"));
        FakeExchange parameters = _gateway.Send("GET /params HTTP/1.1");
        Assert.Equal("Missing required request parameters: [q]|\"Missing required request parameters: [q]\"|", parameters.SentText);
    }

    [Fact]
    public void Refusals_are_counted_by_reason()
    {
        Send("GET /params HTTP/1.1");
        Send("POST /body HTTP/1.1", "no json");
        Send("POST /body HTTP/1.1", "{}");
        Send("POST /body HTTP/1.1", """{"name":"aa","name":"bb"}""");
        Send("POST /body HTTP/1.1", new string('[', 200));
        Assert.Equal("1", Refusals("/params", "GET", "parameters"));
        Assert.Equal("1", Refusals("/body", "POST", "malformed"));
        Assert.Equal("1", Refusals("/body", "POST", "mismatch"));
        Assert.Equal("1", Refusals("/body", "POST", "repeated_name"));
        Assert.Equal("1", Refusals("/body", "POST", "too_deep"));
    }

    [Fact]
    public void The_costs_of_a_body_are_limited_by_settings()
    {
        Serve(Document, new GatewaySettings { Validation = new(Depth: 1, Steps: 1000) });
        Assert.Equal(InvalidBody, _gateway.Send("POST /body HTTP/1.1\nHost: node\nContent-Length: 12", """{"next":{  }}"""[..12]).SentText);
        _gateway.Send("POST /body HTTP/1.1\nHost: node\nContent-Length: 3000", "[" + string.Concat(Enumerable.Repeat("1,", 1499)) + "]");
        Assert.Equal("1", Refusals("/body", "POST", "too_many_steps"));
    }

    [Fact]
    public void Swagger_2_says_the_same()
    {
        Serve("""
            swagger: "2.0"
            info: {title: Orders, version: '1'}
            x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
            x-amazon-apigateway-request-validator: all
            definitions:
              Order: {type: object, required: [status], properties: {status: {$ref: '#/definitions/Status'}}}
              Status: {type: string}
            paths:
              /orders:
                post:
                  parameters:
                    - {name: body, in: body, required: true, schema: {$ref: '#/definitions/Order'}}
                    - {name: q, in: query, type: string, required: true}
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://backend/orders'}
            """);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.Equal("""{"message":"Missing required request parameters: [q]"}""", _gateway.Send("POST /orders HTTP/1.1").SentText);
        Assert.Equal(InvalidBody, _gateway.Send("POST /orders?q=1 HTTP/1.1\nHost: node\nContent-Length: 12", """{"status":1}""").SentText);
        Assert.Equal(200, _gateway.Send("POST /orders?q=1 HTTP/1.1\nHost: node\nContent-Length: 14", """{"status":"s"}""").Response.Status);
    }

    [Fact]
    public void A_schema_written_in_place_validates_as_a_named_one_does()
    {
        Serve(Document.Replace("requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}", "requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Text'}}}}}", StringComparison.Ordinal));
        Assert.Equal(InvalidBody, _gateway.Send("POST /mock HTTP/1.1\nHost: node\nContent-Length: 3", "[1]").SentText);
        Assert.Equal(200, _gateway.Send("POST /mock HTTP/1.1\nHost: node\nContent-Length: 5", "[\"1\"]").Response.Status);
    }

    [Fact]
    public void Response_models_are_never_enforced()
    {
        Serve(Document.Replace("responses: {'200': {description: ok}}", "responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Text'}}}}}", StringComparison.Ordinal));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 2", "{}");
        Assert.Equal("{}", _gateway.Send("GET /params?q=1 HTTP/1.1").SentText);
    }

    private const string Answering = """
        openapi: 3.0.1
        info: {title: Pets, version: '1'}
        x-edgeproxy-response-validation: MODE
        components:
          schemas:
            Pet: {type: object, required: [name], properties: {name: {type: string}}}
        paths:
          /pets:
            x-amazon-apigateway-any-method:
              responses:
                '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
                '404': {description: none}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: 'http://backend/pets'}
          /off:
            get:
              x-edgeproxy-response-validation: off
              responses:
                '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://backend/off'}
          /mock:
            get:
              responses:
                '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"nom": "Tom"}'}}}
        """;

    // EdgeProxy's own: an answer is held against the model that the method declares for its status and media type.
    [Theory]
    [InlineData("GET /pets", "200 OK\nContent-Length: 14", """{"name":"Tom"}""", 200)]
    [InlineData("GET /pets", "200 OK\nTransfer-Encoding: chunked", """{"name":"Tom"}""", 200)]
    [InlineData("GET /pets", "200 OK\nTransfer-Encoding: chunked", """{"name":5}""", 502)]
    [InlineData("GET /pets", "200 OK\nContent-Length: 2", "{}", 502)]
    [InlineData("GET /pets", "200 OK\nContent-Length: 2", "no", 502)]
    [InlineData("GET /pets", "200 OK\nContent-Length: 0", "", 502)]
    [InlineData("GET /pets", "200 OK\nContent-Type: text/plain\nContent-Length: 2", "no", 200)]
    [InlineData("GET /pets", "404 Not Found\nContent-Length: 2", "no", 404)]
    [InlineData("HEAD /pets", "200 OK\nContent-Length: 2", "", 200)]
    [InlineData("GET /off", "200 OK\nContent-Length: 2", "no", 200)]
    [InlineData("GET /mock", "200 OK\nContent-Length: 0", "", 502)]
    public void Answers_are_held_against_their_models_where_the_document_asks_for_it(string request, string head, string body, int status)
    {
        Serve(Answering.Replace("MODE", "enforce", StringComparison.Ordinal));
        _gateway.Upstream.Answer("HTTP/1.1 " + head, body.Length > 4 ? [body[..4], body[4..]] : [body]);
        FakeExchange answer = _gateway.Send(request + " HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal(status == 502 ? "{\"message\": \"Internal server error\"}" : body, answer.SentText);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
        string resource = request.Split(' ')[1];
        if (status == 502) Assert.Equal("1", Refusals(resource, resource == "/pets" ? "ANY" : "GET", "response"));
        if (resource == "/pets") Assert.Null(_gateway.Upstream.Field("Accept-Encoding"));
    }

    [Fact]
    public void Answers_that_are_only_reported_on_pass()
    {
        Serve(Answering.Replace("MODE", "report", StringComparison.Ordinal));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "{}");
        Assert.Equal("{}", _gateway.Send("GET /pets HTTP/1.1").SentText);
        Assert.Equal("1", Refusals("/pets", "ANY", "response_reported"));
    }

    [Fact]
    public void An_answer_that_breaks_off_or_is_too_large_while_it_is_held_is_still_answered_for()
    {
        Serve(Answering.Replace("MODE", "enforce", StringComparison.Ordinal), new GatewaySettings { ResponseBodyLimit = 10 });
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "{\"name\":", "\"a long name\"}");
        Assert.Equal(500, _gateway.Send("GET /pets HTTP/1.1").Response.Status);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    private string? Refusals(string resource, string method, string kind) =>
        _gateway.Metric($$"""edgeproxy_validation_refusals_total{api_id="abcde12345",stage="prod",resource="{{resource}}",method="{{method}}",kind="{{kind}}"}""");

    private FakeExchange Send(string head, string body = "")
    {
        if (_gateway.Snapshots.Current.Mounts.Count == 0) Serve(Document);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        string[] lines = head.Split('\n', 2);
        string all = $"{lines[0]}\nHost: node{(lines.Length > 1 ? "\n" + lines[1] : "")}{(body.Length > 0 ? $"\nContent-Length: {Encoding.Latin1.GetByteCount(body)}" : "")}";
        return body.Length > 0 ? _gateway.Send(all, body) : _gateway.Send(all);
    }

    private void Serve(string document, GatewaySettings? settings = null)
    {
        var problems = new ProblemList();
        var api = OpenApiImporter.Import("orders.yaml", Encoding.UTF8.GetBytes(document), new OpenApiImportOptions(), problems);
        Assert.NotNull(api);
        DeploymentPlan? plan = ApiCompiler.Compile(api, new CheckOptions(), problems);
        Assert.Empty(problems.Where(static problem => problem.Severity != ProblemSeverity.Warning).Select(ProblemWriter.Line));
        Assert.NotNull(plan);
        StagePlan stage = StagePlan.Build(TestGateway.Api, "prod", plan, new StageVariables([]), _gateway.Live);
        _gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Settings = settings ?? GatewaySettings.Default });
    }
}

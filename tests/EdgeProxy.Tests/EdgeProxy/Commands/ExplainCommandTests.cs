using System.Text.Json;
using EdgeProxy.Commands;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class ExplainCommandTests : IDisposable
{
    private const string Document = """
        openapi: 3.0.1
        info: {title: Orders, version: '1'}
        x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
        x-amazon-apigateway-minimum-compression-size: 1000
        x-amazon-apigateway-gateway-responses:
          DEFAULT_4XX: {responseParameters: {gatewayresponse.header.X-Own: "'yes'"}}
        components:
          schemas:
            Order:
              type: object
              required: [kind]
              properties:
                kind: {type: string, enum: [cat, dog]}
                lines: {type: array, items: {type: object, properties: {'a/b': {type: integer, minimum: 1}}}}
        paths:
          /orders/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: string}}]
            post:
              x-amazon-apigateway-request-validator: all
              parameters: [{name: q, in: query, required: true, schema: {type: string}}]
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
              responses: {'200': {description: ok}, '404': {description: none}}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: PUT
                uri: http://${stageVariables.backend}/o/{id}
                passthroughBehavior: never
                requestParameters:
                  integration.request.path.id: method.request.path.id
                  integration.request.header.X-Q: method.request.querystring.q
                requestTemplates: {application/json: '{"fixed": true}'}
                responses:
                  '4\d\d': {statusCode: '404', responseTemplates: {application/json: '{"none": true}'}}
                  default: {statusCode: '200'}
          /mock:
            post:
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: '200'}}
          /aws:
            post:
              responses: {'200': {description: ok}, '404': {description: none}}
              x-amazon-apigateway-integration:
                type: aws
                httpMethod: POST
                uri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:hello/invocations
                requestTemplates: {application/json: '{"who":"$input.path(''$.name'')"}'}
                responses:
                  'Not found.*': {statusCode: '404'}
                  default: {statusCode: '200'}
          /failing:
            post:
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: POST
                uri: http://backend/
                requestTemplates: {application/json: "say $util.parseJson('x')"}
                responses: {default: {statusCode: '200'}}
          /rendered:
            post:
              responses: {'200': {description: ok, headers: {X-Id: {schema: {type: string}}}}}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: POST
                uri: http://backend/rendered
                requestParameters:
                  integration.request.header.X-Body: method.request.body.name
                  integration.request.header.X-Name: "'mapped'"
                requestTemplates:
                  application/json: "#set($n = $input.path('$.name'))#set($context.requestOverride.header.X-Name = $n){'n':'$n'}"
                responses:
                  default:
                    statusCode: '200'
                    responseParameters: {method.response.header.X-Id: integration.response.body.id}
                    responseTemplates: {application/json: "made $input.path('$.id')"}
          /pass:
            post:
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://backend/pass'}
        """;

    private const string Valid = """{"kind":"cat"}""";

    private readonly Workspace _work = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public ExplainCommandTests() => _work.Write("orders.yaml", Document);

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Tells_where_a_body_does_not_match_its_model_and_by_what()
    {
        JsonElement told = Json("POST", "/orders/7?q=1", o => o with { Body = """{"kind":"frog","lines":[{},{"a/b":0}]}""" });
        JsonElement phase = Phase(told, "ValidateBody");
        Assert.Equal(("fault", "BodyInvalid", "Order", "does not match"), (Text(phase, "outcome"), Text(phase, "fault"), Text(phase.GetProperty("facts"), "model"), Text(phase.GetProperty("facts"), "result")));
        Assert.Equal(
            [
                ("/kind", "instance value (\"frog\") not found in enum (possible values: [\"cat\",\"dog\"])"),
                ("/lines/1/a~1b", "numeric value is lower than the required minimum (minimum: 1, found: 0)"),
            ],
            phase.GetProperty("errors").EnumerateArray().Select(static error => (Text(error, "pointer"), Text(error, "message"))));
        Assert.All(phase.GetProperty("errors").EnumerateArray(), static error => Assert.StartsWith("#/properties/", Text(error, "schema"), StringComparison.Ordinal));
        JsonElement respond = Phase(told, "Respond");
        Assert.Equal(("BAD_REQUEST_BODY", "yes, by DEFAULT_4XX"), (Text(respond.GetProperty("facts"), "gatewayResponse"), Text(respond.GetProperty("facts"), "customised")));
        Assert.Equal(400, told.GetProperty("response").GetProperty("status").GetInt32());
        Assert.Equal("gatewayresponse.header.X-Own", Text(respond.GetProperty("mappings")[0], "target"));
        Assert.Contains(told.GetProperty("response").GetProperty("headers").EnumerateArray(), static field => Text(field, "name") == "X-Own" && Text(field, "value") == "yes");
    }

    [Fact]
    public void Tells_which_parameters_are_missing()
    {
        JsonElement phase = Phase(Json("POST", "/orders/7", o => o with { Body = Valid }), "ValidateParameters");
        Assert.Equal("ParametersMissing", Text(phase, "fault"));
        Assert.Equal(
            [("method.request.path.id", "yes"), ("method.request.querystring.q", "no")],
            phase.GetProperty("requiredParameters").EnumerateArray().Select(static row => (Text(row, "parameter"), Text(row, "present"))));
    }

    [Theory]
    [InlineData("application/json", "template", "application/json")]
    [InlineData("application/json; charset=utf-8", "template", "application/json")]
    [InlineData("text/plain", "why", "no template takes this Content-Type, and passthroughBehavior lets none pass without one")]
    public void Tells_which_template_is_chosen_or_why_none(string contentType, string fact, string value)
    {
        JsonElement told = Json("POST", "/orders/7?q=1", o => o with { Body = Valid, Headers = ["Content-Type: " + contentType] });
        Assert.Equal(value, Text(Phase(told, "MapRequest").GetProperty("facts"), fact));
    }

    [Fact]
    public void Tells_what_would_be_sent_with_stage_variables_in_place()
    {
        JsonElement told = Json("POST", "/orders/7?q=1", o => o with { Body = Valid, StageVariables = ["backend=store:81"] });
        Assert.Equal("atIntegration", Text(told, "end"));
        JsonElement sent = told.GetProperty("integrationRequest");
        Assert.Equal(("PUT", "http://store:81/o/7", "{\"fixed\": true}"), (Text(sent, "method"), Text(sent, "url"), Text(sent, "body")));
        Assert.Contains(sent.GetProperty("headers").EnumerateArray(), static field => Text(field, "name") == "X-Q" && Text(field, "value") == "1");
        Assert.False(told.TryGetProperty("response", out _));
    }

    [Fact]
    public void Tells_the_steps_of_templates_and_what_they_set_and_the_body_that_mappings_read()
    {
        JsonElement told = Json("POST", "/rendered", o => o with { Body = """{"name":"Tom"}""", AnswerBody = """{"id":7}""" });
        JsonElement mapped = Phase(told, "MapRequest");
        Assert.Equal(
            ["1:1 set #set($n = $input.path('$.name')) Tom", "1:33 set #set($context.requestOverride.header.X-Name = $n) Tom", "1:88 reference $n Tom"],
            mapped.GetProperty("templateSteps").EnumerateArray().Select(static step => $"{Text(step, "line")}:{Text(step, "column")} {Text(step, "step")} {Text(step, "source")} {Text(step, "value")}"));
        Assert.Equal(
            [("integration.request.header.X-Body", "method.request.body.name", "Tom", "set"), ("integration.request.header.X-Name", "'mapped'", "mapped", "not applied: a template has set it")],
            mapped.GetProperty("mappings").EnumerateArray().Select(static row => (Text(row, "target"), Text(row, "source"), Text(row, "value"), Text(row, "result"))));
        Assert.Equal([("request header X-Name", "Tom")], mapped.GetProperty("overrides").EnumerateArray().Select(static row => (Text(row, "target"), Text(row, "value"))));
        Assert.Equal("{'n':'Tom'}", Text(told.GetProperty("integrationRequest"), "body"));

        JsonElement answered = Phase(told, "MapResponse");
        Assert.Equal(
            [("method.response.header.X-Id", "integration.response.body.id", "7", "set")],
            answered.GetProperty("mappings").EnumerateArray().Select(static row => (Text(row, "target"), Text(row, "source"), Text(row, "value"), Text(row, "result"))));
        Assert.Equal("$input.path('$.id')", Text(Assert.Single(answered.GetProperty("templateSteps").EnumerateArray()), "source"));
        Assert.Equal("made 7", Text(told.GetProperty("response"), "body"));
    }

    [Theory]
    [InlineData("""{"errorMessage":"Not found: 7"}""", "404", "it matches the error message")]
    [InlineData("""{"errorMessage":"other"}""", "200", "the default: no pattern matches")]
    [InlineData("""{"id":7}""", "200", "the default: no pattern matches")]
    public void Tells_the_event_of_an_aws_integration_and_which_response_its_error_message_chooses(string result, string status, string why)
    {
        JsonElement told = Json("POST", "/aws", o => o with { Body = """{"name":"Tom"}""", AnswerBody = result });
        Assert.Equal("{\"who\":\"Tom\"}", Text(told.GetProperty("integrationRequest"), "body"));
        JsonElement taken = Assert.Single(Phase(told, "MapResponse").GetProperty("selection").EnumerateArray(), static row => Text(row, "taken") == "yes");
        Assert.Equal((status, why), (Text(taken, "status"), Text(taken, "why")));
    }

    [Fact]
    public void Tells_of_a_large_coded_body_what_it_was_decoded_to_and_of_an_answer_that_it_is_compressed()
    {
        byte[] coded;
        using (var packed = new MemoryStream())
        {
            using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
            {
                var random = new Random(3);
                for (int i = 0; i < 600_000; i++) gzip.WriteByte((byte)('a' + random.Next(16)));
            }

            coded = packed.ToArray();
        }

        File.WriteAllBytes(Path.Combine(_work.Folder, "coded.gz"), coded);
        JsonElement told = Json("POST", "/pass", o => o with
        {
            Body = "@coded.gz",
            Headers = ["Content-Encoding: gzip", "Accept-Encoding: gzip"],
            AnswerHeaders = ["Content-Type: text/plain"],
            AnswerBody = new string('a', 300_000),
        });
        Assert.Equal($"yes: {coded.Length} bytes to 600000", Text(Phase(told, "DecodeBody").GetProperty("facts"), "decoded"));
        Assert.Equal(600_000, told.GetProperty("integrationRequest").GetProperty("bodyBytes").GetInt64());
        Assert.StartsWith("gzip", Text(Phase(told, "EncodeAnswer").GetProperty("facts"), "compressed"), StringComparison.Ordinal);
        Assert.True(told.GetProperty("response").TryGetProperty("bodyBase64", out _));
    }

    [Theory]
    [InlineData("gzip", "UnsupportedMediaType", "the body is not of the coding that Content-Encoding names, or is cut off")]
    [InlineData("compress", "UnsupportedMediaType", "Content-Encoding names a coding that is not decoded here")]
    public void Tells_why_a_coded_body_is_refused(string coding, string fault, string why)
    {
        JsonElement told = Json("POST", "/pass", o => o with { Body = "plain", Headers = ["Content-Encoding: " + coding] });
        JsonElement phase = told.GetProperty("phases").EnumerateArray().First(static one => Text(one, "outcome") == "fault");
        Assert.Equal((fault, why), (Text(phase, "fault"), Text(phase.GetProperty("facts"), "why")));
    }

    [Fact]
    public void Tells_where_a_template_fails()
    {
        JsonElement phase = Phase(Json("POST", "/failing", o => o with { Body = "{}" }), "MapRequest");
        Assert.Equal("TemplateFailed", Text(phase, "fault"));
        Assert.StartsWith("line 1, column 5: ", Text(phase.GetProperty("facts"), "templateFault"), StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_are_told_up_to_the_setting_and_counted_beyond()
    {
        _work.Write("edgeproxy.yaml", "explain: { steps: 2 }\n");
        Assert.Equal(ExitStatus.Ok, Run("POST", "/rendered", o => o with { Body = "{}", Output = OutputForm.Json }, settings: "edgeproxy.yaml"));
        JsonElement mapped = Phase(JsonDocument.Parse(_output.ToString()).RootElement, "MapRequest");
        Assert.Equal((2, 1), (mapped.GetProperty("templateSteps").GetArrayLength(), mapped.GetProperty("templateStepsLeftOut").GetInt32()));
    }

    [Theory]
    [InlineData(404, 404, "4\\d\\d", "{\"none\": true}")]
    [InlineData(201, 200, "default", "from the backend")]
    public void Goes_on_with_the_answer_that_is_given(int answered, int status, string pattern, string body)
    {
        _work.Write("answer.txt", "from the backend");
        JsonElement told = Json("POST", "/orders/7?q=1", o => o with { Body = Valid, AnswerStatus = answered, AnswerHeaders = ["Content-Type: text/plain"], AnswerBody = "@answer.txt" });
        Assert.Equal("answered", Text(told, "end"));
        Assert.Equal((status, body), (told.GetProperty("response").GetProperty("status").GetInt32(), Text(told.GetProperty("response"), "body")));
        JsonElement taken = Assert.Single(Phase(told, "MapResponse").GetProperty("selection").EnumerateArray(), static row => Text(row, "taken") == "yes");
        Assert.Equal(pattern, Text(taken, "pattern"));
    }

    [Fact]
    public void Text_has_a_heading_for_each_phase_and_hides_secrets_unless_told_to_show_them()
    {
        Assert.Equal(ExitStatus.Ok, Run("POST", "/orders/7?q=1&token=abcdefgh", o => o with { Body = Valid, Headers = ["Authorization: Bearer abcdefghijkl"] }));
        string text = _output.ToString();
        Assert.Contains("> request: POST /orders/7?q=1&token=**cdefgh\n", text, StringComparison.Ordinal);
        Assert.Contains("\n 3 SelectRoute         goes on\n", text, StringComparison.Ordinal);
        Assert.Contains("POST /orders/{id}  yes    1 literal, 1 by parameter", text, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefghijkl", text, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent.", text, StringComparison.Ordinal);

        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitStatus.Ok, Run("POST", "/orders/7?q=1", o => o with { Body = Valid, Headers = ["Authorization: Bearer abcdefghijkl"], ShowsSecrets = true }));
        Assert.Contains("Authorization: Bearer abcdefghijkl", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_holds_no_control_characters_of_a_message()
    {
        Assert.Equal(ExitStatus.Ok, Run("POST", "/pass", o => o with { Body = "\u001b[2J red\u009b", AnswerHeaders = ["X-A: \t\u009b[31m"] }));
        Assert.DoesNotContain(_output.ToString(), static c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void An_invalid_document_exits_with_3_and_says_what_is_wrong_with_it()
    {
        _work.Write("orders.yaml", "openapi: 3.0.1\ninfo: {title: X, version: '1'}\npaths: {/a{b: {get: {responses: {}}}}\n");
        Assert.Equal(ExitStatus.InvalidConfiguration, Run("GET", "/"));
        Assert.Contains("orders.yaml:3:", _errors.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void Wrong_arguments_exit_with_2()
    {
        Assert.Equal(ExitStatus.WrongUsage, Run("GET", "/", o => o with { Headers = ["no colon"] }));
        Assert.Equal(ExitStatus.WrongUsage, Run("GET", "/", o => o with { Headers = ["A: b\r\nC: d"] }));
        Assert.Equal(ExitStatus.WrongUsage, Run("GET", "orders"));
        Assert.Equal(ExitStatus.WrongUsage, Run("GET", "/", o => o with { Body = "@missing" }));
        Assert.Equal(ExitStatus.WrongUsage, Run("GET", "/", o => o with { AnswerStatus = 99 }));
        Assert.Equal(ExitStatus.WrongUsage, Run("GET", "/", o => o with { StageVariables = ["=x"] }));
        Assert.Equal(ExitStatus.WrongUsage, Run("GET", "/", o => o with { SourceIp = "nowhere" }));
        Assert.Equal(7, _errors.ToString().TrimEnd('\n').Split('\n').Length);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void A_body_is_explained_up_to_the_setting()
    {
        _work.Write("edgeproxy.yaml", "explain: { body: 1KB }\n");
        Assert.Equal(ExitStatus.WrongUsage, Run("POST", "/mock", o => o with { Body = new string('a', 1025) }, settings: "edgeproxy.yaml"));
        Assert.Contains("explain.body", _errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Ok, Run("POST", "/mock", o => o with { Body = new string('a', 1024) }, settings: "edgeproxy.yaml"));
    }

    private int Run(string method, string target, Func<ExplainOptions, ExplainOptions>? with = null, string? settings = null)
    {
        var options = new ExplainOptions
        {
            Run = new RunOptions { Sources = new SettingSources { File = settings, ApiFiles = ["orders.yaml"], WorkingDirectory = _work.Folder } },
            Method = method,
            Target = target,
        };
        return ExplainCommand.Run(with is null ? options : with(options), _output, _errors);
    }

    private JsonElement Json(string method, string target, Func<ExplainOptions, ExplainOptions> with)
    {
        Assert.Equal((ExitStatus.Ok, ""), (Run(method, target, o => with(o with { StageVariables = ["backend=b"] }) with { Output = OutputForm.Json }), _errors.ToString()));
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }

    private static JsonElement Phase(JsonElement told, string name) => told.GetProperty("phases").EnumerateArray().Single(phase => Text(phase, "phase") == name);

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}

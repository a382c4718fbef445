using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 2: of several things that are wrong with one request, the answer is to the first that the pipeline meets.</summary>
/// <remarks>Each row has everything wrong from its step on, so that an answer of a later step would show.</remarks>
public sealed class Rest_2_PipelineOrder : IDisposable
{
    private const string Document = """
        openapi: 3.0.1
        info: {title: Pets, version: '1'}
        x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
        x-amazon-apigateway-request-validator: all
        components: {schemas: {Pet: {type: object, required: [name]}}}
        paths:
          /pets:
            post: &pet
              parameters: [{name: id, in: query, required: true, schema: {type: string}}]
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}, text/plain: {schema: {$ref: '#/components/schemas/Pet'}}}}
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: POST
                uri: http://backend/pets
                passthroughBehavior: never
                requestParameters: {integration.request.header.Content-Length: "'7'"}
                requestTemplates: {application/json: "#set($broken = $util.parseJson('{'))$broken"}
                responses: {default: {statusCode: '200'}}
          /throttled:
            post: *pet
        """;

    private readonly StagedGateway _node = new();

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("POST /../nothing?x=%zz HTTP/1.1\nHost: node\nContent-Encoding: nothing\nContent-Length: 1", "x", 400, "Bad Request")] // 1: protocol limits
    [InlineData("POST /nothing HTTP/1.1\nHost: node\nContent-Encoding: nothing\nContent-Length: 1", "x", 403, "Missing Authentication Token")] // 6: route
    [InlineData("POST /throttled HTTP/1.1\nHost: node\nContent-Encoding: nothing\nContent-Length: 1", "x", 429, "Too Many Requests")] // 10: throttles
    [InlineData("POST /pets HTTP/1.1\nHost: node\nContent-Type: text/plain\nContent-Length: 1", "x", 400, "Missing required request parameters: [id]")] // 11: parameters
    [InlineData("POST /pets?id=1 HTTP/1.1\nHost: node\nContent-Encoding: nothing\nContent-Type: text/plain\nContent-Length: 1", "x", 415, "Unsupported Media Type")] // 3: content coding, as soon as there is a body to take it off
    [InlineData("POST /pets?id=1 HTTP/1.1\nHost: node\nContent-Type: text/plain\nContent-Length: 1", "x", 400, "Invalid request body")] // 11: body
    [InlineData("POST /pets?id=1 HTTP/1.1\nHost: node\nContent-Type: text/xml\nContent-Length: 12", "{\"name\":\"a\"}", 415, "Unsupported Media Type")] // 13: choice of the template
    [InlineData("POST /pets?id=1 HTTP/1.1\nHost: node\nContent-Length: 12", "{\"name\":\"a\"}", 500, "Internal server error")] // 13: what the template and the mappings make
    public void The_first_step_that_a_request_fails_answers_it(string head, string body, int status, string message)
    {
        Deploy();
        FakeExchange answer = _node.Gateway.Send(head, body);
        Assert.Equal(status, answer.Response.Status);
        Assert.Contains($"\"{message}\"", answer.SentText, StringComparison.Ordinal);
        Assert.Equal(0, _node.Gateway.Upstream.Calls);
    }

    [Fact]
    public void A_custom_domain_without_a_mapping_answers_before_anything_of_an_api_is_looked_at()
    {
        Deploy();
        FakeExchange answer = _node.Gateway.Send("POST /nothing HTTP/1.1\nHost: unknown.execute-api.node\nContent-Encoding: nothing\nContent-Length: 1", "x");
        Assert.Equal((403, """{"message":"Forbidden"}"""), (answer.Response.Status, answer.SentText));
    }

    [Fact]
    public void Decompression_comes_before_validation_and_templates()
    {
        _node.Deploy(null, (Document.Replace("#set($broken = $util.parseJson('{'))$broken", "$input.path('$.name')", StringComparison.Ordinal)
            .Replace("requestParameters: {integration.request.header.Content-Length: \"'7'\"}", "", StringComparison.Ordinal), new StageDefinition { Name = "prod" }));
        byte[] packed = Packed("""{"name":"Rex"}""");
        _node.Gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        FakeExchange answer = _node.Gateway.Send($"POST /pets?id=1 HTTP/1.1\nHost: node\nContent-Encoding: gzip\nContent-Length: {packed.Length}", System.Text.Encoding.Latin1.GetString(packed));
        Assert.Equal(200, answer.Response.Status);
        Assert.Equal("Rex", _node.Gateway.Upstream.Body);
    }

    private void Deploy() => _node.Deploy(null, (Document, new StageDefinition
    {
        Name = "prod",
        MethodSettings = [new MethodSettingsDefinition { ResourcePath = "/throttled", Verb = "POST", ThrottlingRateLimit = 0, ThrottlingBurstLimit = 0 }],
    }));

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}

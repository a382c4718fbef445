using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 11.1: preflights as consoles and tools write them, and what of them fails as in the service.</summary>
public sealed class Rest_11_1_Cors : IDisposable
{
    private const string Preflight = "OPTIONS /pets HTTP/1.1\nHost: node\nOrigin: https://example.com\nAccess-Control-Request-Method: POST\nAccess-Control-Request-Headers: content-type\nAccept: */*";

    private const string Document = """
        openapi: 3.0.1
        info: {title: Pets, version: '1'}
        ROOTpaths:
          /pets:
            post:
              responses: {'200': {description: ok, headers: {Access-Control-Allow-Origin: {schema: {type: string}}}}}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: POST
                uri: http://backend/pets
                responses: {default: {statusCode: '200', responseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}}}
            options:
              responses:
                'STATUS':
                  description: ok
                  headers:
                    Access-Control-Allow-Origin: {schema: {type: string}}
                    Access-Control-Allow-Methods: {schema: {type: string}}
                    Access-Control-Allow-Headers: {schema: {type: string}}
              x-amazon-apigateway-integration:
                type: mock
                passthroughBehavior: when_no_matchREQUEST
                requestTemplates: {application/json: 'TEMPLATE'}
                responses:
                  default:
                    statusCode: 'STATUS'RESPONSE
                    responseParameters:
                      method.response.header.Access-Control-Allow-Headers: "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'"
                      method.response.header.Access-Control-Allow-Methods: "'OPTIONS,POST'"
                      method.response.header.Access-Control-Allow-Origin: "'*'"
                    responseTemplates: {application/json: ''}
        """;

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("{\"statusCode\": 200}")]
    [InlineData("{ statusCode: 200 }")]
    [InlineData("{statusCode:200}")]
    [InlineData("{\n  \"statusCode\" : 200\n}\n")]
    public void A_preflight_is_answered_as_a_console_generates_it(string template)
    {
        Serve(template, "200");
        FakeExchange answer = _gateway.Send(Preflight);
        Assert.Equal((200, ""), (answer.Response.Status, answer.SentText));
        Assert.Equal("*", answer.ResponseField("Access-Control-Allow-Origin"));
        Assert.Equal("OPTIONS,POST", answer.ResponseField("Access-Control-Allow-Methods"));
        Assert.Equal("Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token", answer.ResponseField("Access-Control-Allow-Headers"));
        Assert.Null(answer.ResponseField("X-Amzn-Trace-Id"));
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Fact]
    public void A_preflight_may_be_204()
    {
        Serve("{\"statusCode\": 204}", "204");
        FakeExchange answer = _gateway.Send(Preflight);
        Assert.Equal((204, 0), (answer.Response.Status, answer.Sent.Length));
        Assert.Equal("*", answer.ResponseField("Access-Control-Allow-Origin"));
    }

    [Fact]
    public void The_method_itself_answers_with_the_field_that_is_mapped()
    {
        Serve("{\"statusCode\": 200}", "200");
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://backend\nContent-Length: 2", "{}");
        Assert.Equal("*", _gateway.Send("POST /pets HTTP/1.1\nHost: node\nOrigin: https://example.com\nContent-Length: 0").ResponseField("Access-Control-Allow-Origin"));
    }

    [Fact]
    public void The_gateways_own_answers_have_the_fields_only_where_they_are_customised()
    {
        Serve("{\"statusCode\": 200}", "200");
        _gateway.Upstream.Outcome = EdgeProxy.Http.Client.UpstreamOutcome.TimedOut;
        FakeExchange answer = _gateway.Send("POST /pets HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((504, null), (answer.Response.Status, answer.ResponseField("Access-Control-Allow-Origin")));

        Serve("{\"statusCode\": 200}", "200", """
            x-amazon-apigateway-gateway-responses:
              DEFAULT_4XX: {responseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: "'*'"}}
              DEFAULT_5XX: {responseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: "'*'"}}

            """);
        answer = _gateway.Send("POST /pets HTTP/1.1\nHost: node\nContent-Length: 0");
        Assert.Equal((504, "*"), (answer.Response.Status, answer.ResponseField("Access-Control-Allow-Origin")));
        answer = _gateway.Send("DELETE /pets HTTP/1.1\nHost: node");
        Assert.Equal((403, "*"), (answer.Response.Status, answer.ResponseField("Access-Control-Allow-Origin")));
        Assert.Equal("{\"message\":\"Missing Authentication Token\"}", answer.SentText);
    }

    [Theory]
    [InlineData("", "", 500)]
    [InlineData("CONVERT_TO_TEXT", "CONVERT_TO_TEXT", 200)]
    public void Under_any_binary_type_a_preflight_fails_unless_its_body_is_said_to_be_text(string request, string response, int status)
    {
        Serve("{\"statusCode\": 200}", "200", "x-amazon-apigateway-binary-media-types: ['*/*']\n", request, response);
        FakeExchange answer = _gateway.Send(Preflight);
        Assert.Equal(status, answer.Response.Status);
        if (status == 500) Assert.Equal("{\"message\": \"Internal server error\"}", answer.SentText);
        else Assert.Equal("*", answer.ResponseField("Access-Control-Allow-Origin"));
    }

    private void Serve(string template, string status, string root = "", string request = "", string response = "") => _gateway.ServeDocument(Document
        .Replace("ROOT", root, StringComparison.Ordinal)
        .Replace("STATUS", status, StringComparison.Ordinal)
        .Replace("TEMPLATE", template.Trim().Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("REQUEST", request.Length == 0 ? "" : "\n        contentHandling: " + request, StringComparison.Ordinal)
        .Replace("RESPONSE", response.Length == 0 ? "" : "\n            contentHandling: " + response, StringComparison.Ordinal));
}

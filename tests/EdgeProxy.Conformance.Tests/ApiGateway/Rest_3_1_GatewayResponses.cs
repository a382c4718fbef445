using System.Text;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 3.1: types, statuses, bodies to the byte, and fields.</summary>
public sealed class Rest_3_1_GatewayResponses : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("ClosedConfiguration", "API_CONFIGURATION_ERROR", 500, "{\"message\": \"Internal server error\"}", "InternalServerErrorException")]
    [InlineData("ClosedAccess", "AUTHORIZER_CONFIGURATION_ERROR", 500, "{\"message\":null}", "AuthorizerConfigurationException")]
    [InlineData("UpstreamConnectFailed", "INTEGRATION_FAILURE", 504, "{\"message\":\"Network error communicating with endpoint\"}", "InternalServerErrorException")]
    [InlineData("UpstreamTimedOut", "INTEGRATION_TIMEOUT", 504, "{\"message\":\"Endpoint request timed out\"}", "InternalServerErrorException")]
    [InlineData("RouteNotFound", "MISSING_AUTHENTICATION_TOKEN", 403, "{\"message\":\"Missing Authentication Token\"}", "MissingAuthenticationTokenException")]
    [InlineData("BodyTooLarge", "REQUEST_TOO_LARGE", 413, "{\"message\":\"Request Too Long\"}", "RequestTooLargeException")]
    [InlineData("UnsupportedMediaType", "UNSUPPORTED_MEDIA_TYPE", 415, "{\"message\":\"Unsupported Media Type\"}", "BadRequestException")]
    [InlineData("UnknownHost", "", 403, "{\"message\":\"Forbidden\"}", "ForbiddenException")]
    public void Each_type_has_its_status_body_and_error_type(string kind, string type, int status, string body, string errorType)
    {
        Fault fault = Faults.Of(Enum.Parse<FaultKind>(kind));
        Assert.Equal(type, Encoding.ASCII.GetString(GatewayResponseTypes.NameOf(fault.Type)));
        Assert.Equal(status, fault.Status);
        Assert.Equal(body, Encoding.ASCII.GetString(fault.Body));
        Assert.Equal(errorType, Encoding.ASCII.GetString(fault.ErrorType));
    }

    [Fact]
    public void The_recorded_internal_server_error_has_36_bytes()
    {
        _gateway.Route("GET /", Proxy("nonsense")).Serve();
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(500, answer.Response.Status);
        Assert.Equal(36, answer.Response.ContentLength);
        Assert.Equal("{\"message\": \"Internal server error\"}", answer.SentText);
    }

    [Fact]
    public void The_fields_are_those_of_the_recording_and_no_trace_id()
    {
        _gateway.Route("GET /", Proxy("nonsense")).Serve();
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Matches(
            "^Content-Type: application/json\nx-amzn-RequestId: [0-9a-f-]{36}\nx-amzn-ErrorType: InternalServerErrorException\nx-amz-apigw-id: [A-Za-z0-9_-]{15}=\n$",
            answer.ResponseFields());
    }

    [Fact]
    public void No_field_of_a_failed_backend_gets_into_a_gateway_response()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 20000000\nX-Own: 1");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(500, answer.Response.Status);
        Assert.Null(answer.ResponseField("X-Own"));
    }
}

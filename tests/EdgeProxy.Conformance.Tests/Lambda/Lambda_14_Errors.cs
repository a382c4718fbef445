using System.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>Specification lambda.md 14: what the errors of the Invoke API come to.</summary>
public sealed class Lambda_14_Errors
{
    private readonly LoopHarness _loop = new();
    private readonly FakeInvokeEndpoint _endpoint;

    public Lambda_14_Errors() => _endpoint = new FakeInvokeEndpoint(_loop);

    [Theory]
    [InlineData(400, "InvalidParameterValueException", FunctionOutcome.BadEvent)]
    [InlineData(400, "InvalidRequestContentException", FunctionOutcome.BadEvent)]
    [InlineData(400, "NoPublishedVersionException", FunctionOutcome.ServiceFailed)]
    [InlineData(400, "RecursiveInvocationException", FunctionOutcome.ServiceFailed)]
    [InlineData(400, "SnapStartException", FunctionOutcome.ServiceFailed)]
    [InlineData(403, "AccessDeniedException", FunctionOutcome.AccessDenied)]
    [InlineData(403, "EFSMountFailureException", FunctionOutcome.ServiceFailed)]
    [InlineData(403, "S3FilesMountFailureException", FunctionOutcome.ServiceFailed)]
    [InlineData(403, "InvalidSignatureException", FunctionOutcome.AccessDenied)]
    [InlineData(403, "UnrecognizedClientException", FunctionOutcome.AccessDenied)]
    [InlineData(403, "MissingAuthenticationTokenException", FunctionOutcome.AccessDenied)]
    [InlineData(400, "IncompleteSignatureException", FunctionOutcome.AccessDenied)]
    [InlineData(400, "ExpiredTokenException", FunctionOutcome.AccessDenied)]
    [InlineData(404, "ResourceNotFoundException", FunctionOutcome.NotFound)]
    [InlineData(408, "EFSMountConnectivityException", FunctionOutcome.ServiceFailed)]
    [InlineData(408, "SnapStartTimeoutException", FunctionOutcome.ServiceFailed)]
    [InlineData(409, "ResourceConflictException", FunctionOutcome.ServiceFailed)]
    [InlineData(409, "SnapStartNotReadyException", FunctionOutcome.ServiceFailed)]
    [InlineData(410, "EFSIOException", FunctionOutcome.ServiceFailed)]
    [InlineData(413, "RequestTooLargeException", FunctionOutcome.EventTooLarge)]
    [InlineData(413, "SerializedRequestEntityTooLargeException", FunctionOutcome.EventTooLarge)]
    [InlineData(415, "UnsupportedMediaTypeException", FunctionOutcome.BadEvent)]
    [InlineData(429, "TooManyRequestsException", FunctionOutcome.Throttled)]
    [InlineData(500, "ServiceException", FunctionOutcome.ServiceFailed)]
    [InlineData(502, "InvalidRuntimeException", FunctionOutcome.ServiceFailed)]
    [InlineData(502, "KMSDisabledException", FunctionOutcome.ServiceFailed)]
    [InlineData(502, "ENILimitReachedException", FunctionOutcome.ServiceFailed)]
    [InlineData(503, "", FunctionOutcome.ServiceFailed)]
    [InlineData(400, "", FunctionOutcome.BadEvent)]
    [InlineData(403, "", FunctionOutcome.AccessDenied)]
    [InlineData(404, "", FunctionOutcome.NotFound)]
    [InlineData(302, "", FunctionOutcome.Malformed)]
    [InlineData(201, "", FunctionOutcome.Malformed)]
    [InlineData(418, "", FunctionOutcome.BadEvent)]
    public void An_error_is_told_by_status_and_name(int status, string name, FunctionOutcome expected)
    {
        foreach (string written in (string[])[name, name + ":http://internal.amazon.com/coral/com.amazonaws.lambda/", "com.amazonaws.lambda#" + name])
        {
            string field = name.Length == 0 ? "" : $"\nx-amzn-ErrorType: {written}";
            _endpoint.Upstream.Answer($"HTTP/1.1 {status} Error\nContent-Length: 31\nx-amzn-RequestId: r-9{field}", "{\"Type\":\"User\",\"message\":\"why\"}");
            FunctionCall call = _endpoint.Rent("hello");
            Assert.Equal(expected, _loop.Await(call.InvokeAsync()));
            BodyRead read = _loop.Await(call.ReadBodyAsync());
            Assert.Equal((status, "{\"Type\":\"User\",\"message\":\"why\"}", "r-9"), (call.Status, Encoding.ASCII.GetString(read.Chunk.Span), Encoding.ASCII.GetString(call.FunctionRequestId)));
            call.Return();
        }
    }

    [Fact]
    public void The_failure_stays_what_the_head_said_when_its_document_breaks_off()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 429 Too Many\nContent-Length: 31").Add(BodyStatus.Data, "{").Add(BodyStatus.Truncated);
        FunctionCall call = _endpoint.Rent("hello");
        Assert.Equal(FunctionOutcome.Throttled, _loop.Await(call.InvokeAsync()));
        call.Return();
        Assert.Equal(1, _endpoint.Counted("edgeproxy_function_calls_total{function=\"*\",target=\"endpoint\",outcome=\"throttled\"}"));
    }
}

using System.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>Specification lambda.md 11: Invoke, as it is called.</summary>
public sealed class Lambda_11_Invoke
{
    private const string Arn = "arn:aws:lambda:eu-west-1:111122223333:function:hello";

    private readonly LoopHarness _loop = new();
    private readonly FakeInvokeEndpoint _endpoint;

    public Lambda_11_Invoke() => _endpoint = new FakeInvokeEndpoint(_loop);

    [Theory]
    [InlineData(Arn, "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A111122223333%3Afunction%3Ahello/invocations")]
    [InlineData(Arn + ":live", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A111122223333%3Afunction%3Ahello/invocations?Qualifier=live")]
    [InlineData(Arn + ":$LATEST", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A111122223333%3Afunction%3Ahello/invocations?Qualifier=%24LATEST")]
    [InlineData("hello", "/2015-03-31/functions/hello/invocations")]
    [InlineData("hello:7", "/2015-03-31/functions/hello/invocations?Qualifier=7")]
    public void The_function_is_one_segment_and_its_qualifier_a_parameter(string function, string target)
    {
        Invoke(function);
        Assert.Equal(("POST", target), (_endpoint.Upstream.Method, _endpoint.Upstream.Target));
        Assert.Null(_endpoint.SignatureProblem("eu-west-1"));
    }

    [Fact]
    public void The_request_is_signed_for_lambda_with_its_session_token()
    {
        Invoke(Arn, """{"a":"b"}""");
        Assert.Null(_endpoint.SignatureProblem("eu-west-1"));
        Assert.Equal("20261122T102030Z", _endpoint.Upstream.Field("X-Amz-Date"));
        Assert.Equal(FakeInvokeEndpoint.Credentials.SessionToken, _endpoint.Upstream.Field("X-Amz-Security-Token"));
        Assert.Equal("lambda.test", _endpoint.Upstream.Field("Host"));
        Assert.Equal("application/json", _endpoint.Upstream.Field("Content-Type"));
        Assert.StartsWith("https://lambda.test:443", _endpoint.Upstream.Called!.ToString(), StringComparison.Ordinal);
    }

    // What makes the check above worth something.
    [Fact]
    public void A_signature_of_other_credentials_or_another_region_is_not_taken_for_right()
    {
        Invoke(Arn);
        Assert.NotNull(_endpoint.SignatureProblem("eu-west-1", FakeInvokeEndpoint.Credentials with { SecretAccessKey = "other" }));
        Assert.NotNull(_endpoint.SignatureProblem("eu-west-2"));
    }

    [Fact]
    public void The_region_of_the_arn_is_signed_for_and_called_unless_the_setting_says_another()
    {
        _endpoint.Clients.Table = new FunctionTable([_endpoint.Target("*", "https://lambda.{region}.amazonaws.com")]);
        Invoke("arn:aws:lambda:us-west-2:111122223333:function:hello");
        Assert.Equal("lambda.us-west-2.amazonaws.com", _endpoint.Upstream.Field("Host"));
        Assert.Null(_endpoint.SignatureProblem("us-west-2"));
        _endpoint.Clients.Table = new FunctionTable([_endpoint.Target("*", "http://emulator.test:9001/base/", region: "local-1")]);
        Invoke("arn:aws:lambda:us-west-2:111122223333:function:hello");
        Assert.StartsWith("/base/2015-03-31/functions/", _endpoint.Upstream.Target, StringComparison.Ordinal);
        Assert.Null(_endpoint.SignatureProblem("local-1"));
    }

    [Theory]
    [InlineData(InvocationType.RequestResponse, "RequestResponse")]
    [InlineData(InvocationType.Event, "Event")]
    [InlineData(InvocationType.DryRun, "DryRun")]
    public void The_invocation_type_is_sent(InvocationType type, string text)
    {
        Invoke(Arn, fill: call => call.Type = type);
        Assert.Equal(text, _endpoint.Upstream.Field("X-Amz-Invocation-Type"));
    }

    [Fact]
    public void Trace_and_client_context_are_sent_where_there_are_any()
    {
        Invoke(Arn);
        Assert.Null(_endpoint.Upstream.Field("X-Amzn-Trace-Id"));
        Assert.Null(_endpoint.Upstream.Field("X-Amz-Client-Context"));
        Invoke(Arn, fill: call =>
        {
            call.Trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"u8.ToArray();
            call.ClientContext = "eyJhIjoxfQ=="u8.ToArray();
        });
        Assert.Equal("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", _endpoint.Upstream.Field("X-Amzn-Trace-Id"));
        Assert.Equal("eyJhIjoxfQ==", _endpoint.Upstream.Field("X-Amz-Client-Context"));
        Assert.Null(_endpoint.SignatureProblem("eu-west-1"));
    }

    [Fact]
    public void A_result_is_the_body_of_200_and_the_request_id_is_kept()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 11\nx-amzn-RequestId: 4b2f\nX-Amz-Executed-Version: $LATEST", "{\"ok\":", "true}");
        (FunctionOutcome outcome, int status, string body, string requestId) = Invoke(Arn);
        Assert.Equal((FunctionOutcome.Ok, 200, "{\"ok\":true}", "4b2f"), (outcome, status, body, requestId));
    }

    [Theory]
    [InlineData("Unhandled")]
    [InlineData("Handled")]
    public void A_functions_failure_is_a_200_with_a_field(string kind)
    {
        _endpoint.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: 20\nx-amz-function-error: {kind}", "{\"errorMessage\":\"no\"}"[..20]);
        (FunctionOutcome outcome, int status, string body, _) = Invoke(Arn);
        Assert.Equal((FunctionOutcome.FunctionError, 200, "{\"errorMessage\":\"no\""), (outcome, status, body));
    }

    [Theory]
    [InlineData("202 Accepted", 202)]
    [InlineData("204 No Content", 204)]
    public void An_accepted_event_and_a_dry_run_have_no_body(string status, int expected)
    {
        _endpoint.Upstream.Answer($"HTTP/1.1 {status}\nContent-Length: 0", "");
        (FunctionOutcome outcome, int found, string body, _) = Invoke(Arn);
        Assert.Equal((FunctionOutcome.Ok, expected, ""), (outcome, found, body));
    }

    [Fact]
    public void Nothing_is_signed_where_the_setting_says_so()
    {
        _endpoint.Clients.Table = new FunctionTable([_endpoint.Target("*", "http://emulator.test", isUnsigned: true)]);
        Invoke(Arn);
        Assert.Null(_endpoint.Upstream.Field("Authorization"));
        Assert.Null(_endpoint.Upstream.Field("X-Amz-Date"));
    }

    [Fact]
    public void Without_credentials_nothing_is_sent()
    {
        _endpoint.Clients.Table = new FunctionTable([_endpoint.Target("*", hasCredentials: false)]);
        (FunctionOutcome outcome, _, _, _) = Invoke(Arn);
        Assert.Equal((FunctionOutcome.ServiceFailed, 0), (outcome, _endpoint.Upstream.Calls));
    }

    [Theory]
    [InlineData(6_291_556, FunctionOutcome.Ok)]
    [InlineData(6_291_557, FunctionOutcome.EventTooLarge)]
    public void An_event_is_six_megabytes_at_most(int length, FunctionOutcome expected)
    {
        (FunctionOutcome outcome, int status, _, _) = Invoke(Arn, new string('1', length));
        Assert.Equal((expected, expected == FunctionOutcome.Ok ? 200 : 413), (outcome, status));
        Assert.Equal(expected == FunctionOutcome.Ok ? 1 : 0, _endpoint.Upstream.Calls);
    }

    [Theory]
    [InlineData(6_291_556, FunctionOutcome.Ok)]
    [InlineData(6_291_557, FunctionOutcome.FunctionError)]
    public void A_result_is_six_megabytes_at_most(int length, FunctionOutcome expected)
    {
        _endpoint.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: {length}", new string('1', length));
        (FunctionOutcome outcome, int status, string body, _) = Invoke(Arn);
        Assert.Equal((expected, 200), (outcome, status));
        Assert.Equal(expected == FunctionOutcome.Ok, body.Length == length);
    }

    private (FunctionOutcome Outcome, int Status, string Body, string RequestId) Invoke(string function, string body = "{}", Action<FunctionCall>? fill = null)
    {
        FunctionCall call = _endpoint.Rent(function, body);
        fill?.Invoke(call);
        FunctionOutcome outcome = _loop.Await(call.InvokeAsync());
        var text = new StringBuilder();
        while (true)
        {
            BodyRead read = _loop.Await(call.ReadBodyAsync());
            text.Append(Encoding.Latin1.GetString(read.Chunk.Span));
            if (read.Status != BodyStatus.Data) break;
        }

        (FunctionOutcome, int, string, string) result = (outcome, call.Status, text.ToString(), Encoding.ASCII.GetString(call.FunctionRequestId));
        call.Return();
        return result;
    }
}

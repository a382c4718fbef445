using System.Globalization;
using System.Text;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;
using static EdgeProxy.TestKit.RuntimeProcess;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 3: the Runtime API, version 2018-06-01, but for streams.</summary>
public sealed class Lambda_3_RuntimeApi : IDisposable
{
    private const string Accepted = "202 {\"status\":\"OK\"}\n";
    private const string InvalidId = "400 {\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}\n";

    private readonly RuntimeStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void Next_blocks_until_there_is_an_event_and_a_result_is_accepted()
    {
        RuntimeProcess process = _stage.Ready();
        _stage.Loop.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("", process.Heard());
        StagedCall call = _stage.Invoke("{\"a\": 1}");
        Assert.Equal("200 {\"a\": 1}", Brief(process.Heard()));
        string answer = process.Respond("[2]", "Content-Type: application/json\r\n");
        Assert.Equal(Accepted, Brief(answer));
        Assert.Equal("application/json", Field(answer, "Content-Type"));
        Assert.Equal((FunctionOutcome.Ok, "[2]"), call.Finish());
    }

    [Fact]
    public void One_connection_serves_thousands_of_invocations()
    {
        RuntimeProcess process = _stage.Ready();
        for (int i = 0; i < 3000; i++)
        {
            StagedCall call = _stage.Invoke(i.ToString(CultureInfo.InvariantCulture));
            Assert.Equal($"200 {i}", Brief(process.Heard()));
            Assert.Equal(Accepted, Brief(process.Respond($"{i}")));
            Assert.Equal("", process.Next());
            Assert.Equal((FunctionOutcome.Ok, $"{i}"), call.Finish());
        }

        Assert.Single(_stage.Processes);
    }

    [Fact]
    public void A_result_and_the_next_poll_may_come_in_one_piece_and_are_answered_in_one_when_there_is_an_event()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall first = _stage.Invoke("1");
        process.Heard();
        StagedCall second = _stage.Invoke("2");
        int sends = process.Connection.Sends;
        string both = process.Say(Post($"invocation/{process.RequestId}/response", "1") + "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 202", both, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", both, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n2", both, StringComparison.Ordinal);
        Assert.Equal(sends + 1, process.Connection.Sends);
        Assert.Equal((FunctionOutcome.Ok, "1"), first.Finish());
        Assert.Null(second.Outcome);
        Assert.Equal("", process.Say(Post($"invocation/{second.RequestId}/response", "2") + "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n\r\n"));
        Assert.Equal((FunctionOutcome.Ok, "2"), second.Finish());
    }

    [Fact]
    public void The_event_comes_with_its_headers()
    {
        RuntimeProcess process = _stage.Ready();
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        StagedCall call = _stage.Invoke(
            "{}",
            fill: with =>
            {
                with.Trace = "Root=1-5e1b4151-43a0913a12345678901234ab;Parent=53995c3f42cd8ad8;Sampled=1"u8.ToArray();
                with.ClientContext = Encoding.ASCII.GetBytes(Convert.ToBase64String("{\"custom\":\r\n{}}"u8));
            },
            name: "arn:aws:lambda:eu-west-1:210987654321:function:probe:live");
        string head = process.Heard();
        Assert.Equal(call.RequestId, Field(head, "Lambda-Runtime-Aws-Request-Id"));
        Assert.True(Guid.TryParseExact(call.RequestId, "D", out _));
        Assert.InRange(long.Parse(Field(head, "Lambda-Runtime-Deadline-Ms")!, CultureInfo.InvariantCulture), before + 3000, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 3000);
        Assert.Equal("arn:aws:lambda:eu-west-1:210987654321:function:probe:live", Field(head, "Lambda-Runtime-Invoked-Function-Arn"));
        Assert.Equal("Root=1-5e1b4151-43a0913a12345678901234ab;Parent=53995c3f42cd8ad8;Sampled=1", Field(head, "Lambda-Runtime-Trace-Id"));
        Assert.Equal("{\"custom\":  {}}", Field(head, "Lambda-Runtime-Client-Context"));
        Assert.Equal("application/json", Field(head, "Content-Type"));
        Assert.NotEmpty(Field(head, "Lambda-Runtime-Invocation-Id")!);
    }

    [Fact]
    public void A_header_without_a_value_is_left_out_and_a_name_without_region_gets_the_configured_ones()
    {
        RuntimeProcess process = _stage.Ready();
        _stage.Invoke();
        string head = process.Heard();
        Assert.Null(Field(head, "Lambda-Runtime-Trace-Id"));
        Assert.Null(Field(head, "Lambda-Runtime-Client-Context"));
        Assert.Null(Field(head, "Lambda-Runtime-Cognito-Identity"));
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:probe", Field(head, "Lambda-Runtime-Invoked-Function-Arn"));
    }

    [Theory]
    [InlineData("Host: attacker.example:9001\r\n")]
    [InlineData("Host: 127.0.0.1.attacker.example\r\n")]
    [InlineData("Host: 127.0.0.1:9001\r\nOrigin: https://attacker.example\r\n")]
    [InlineData("Host: 127.0.0.1:9001\r\nSec-Fetch-Site: cross-site\r\n")]
    public void A_web_page_gets_no_event_and_answers_none(string fields)
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke("\"secret\"");
        string answer = process.Ask($"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n{fields}\r\n");
        Assert.StartsWith("403 ", Brief(answer), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        process.Heard();
        Assert.StartsWith("403 ", Brief(process.Ask($"POST /2018-06-01/runtime/invocation/{process.RequestId}/response HTTP/1.1\r\n{fields}Content-Length: 1\r\n\r\n2")), StringComparison.Ordinal);
        process.Respond("1");
        Assert.Equal((FunctionOutcome.Ok, "1"), call.Finish());
    }

    [Theory]
    [InlineData("localhost:9001")]
    [InlineData("[::1]:9001")]
    public void A_runtime_may_name_loopback_as_it_likes(string host) => Assert.Equal("200 pong", Brief(_stage.Ready().Ask($"GET /ping HTTP/1.1\r\nHost: {host}\r\n\r\n")));

    [Theory]
    [InlineData("{\"errorType\":\"E\",\"errorMessage\":\"cut \\ud83d\"}")]
    [InlineData("{\"errorType\":\"\\ud83d\",\"\\ud83d\":1}")]
    public void An_error_with_half_a_surrogate_pair_is_told_as_it_is(string document)
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        Assert.Equal("202 {\"status\":\"OK\"}\n", Brief(process.Fail(document, "Content-Type: application/vnd.aws.lambda.error.cause+json\r\n")));
        Assert.Empty(process.Failures);
        Assert.Equal((FunctionOutcome.FunctionError, document), call.Finish());
    }

    [Fact]
    public void An_init_error_with_half_a_surrogate_pair_is_told_as_it_is()
    {
        const string Document = "{\"errorType\":\"\\ud83d\"}";
        StagedCall call = _stage.Invoke();
        _stage.Process.Say(Post("init/error", Document));
        Assert.Equal(2, _stage.Processes.Count);
        _stage.Process.Say(Post("init/error", Document));
        Assert.Equal((FunctionOutcome.FunctionError, Document), call.Finish());
    }

    [Fact]
    public void Ping_is_answered() => Assert.Equal("200 pong", Brief(_stage.Ready().Ask("GET /ping HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n\r\n")));

    [Fact]
    public void An_error_document_becomes_the_payload_unchanged()
    {
        RuntimeProcess process = _stage.Ready();
        foreach (string document in (string[])["{\"errorMessage\": \"no\", \"errorType\": \"E\",  \"stackTrace\": []}", "\"text\"", "no JSON at all"])
        {
            StagedCall call = _stage.Invoke();
            process.Heard();
            Assert.Equal(Accepted, Brief(process.Fail(document, "Lambda-Runtime-Function-Error-Type: Function.Bad\r\n")));
            process.Next();
            Assert.Equal((FunctionOutcome.FunctionError, document), call.Finish());
        }
    }

    [Fact]
    public void The_cause_of_an_error_is_for_tracing_and_does_not_reach_the_caller()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        process.Fail(
            "{\"errorMessage\":\"no\",\"errorType\":\"E\",\"stackTrace\":[\"a\"],\"errorCause\":{\"paths\":[]}}", "Content-Type: application/vnd.aws.lambda.error.cause+json\r\n");
        Assert.Equal((FunctionOutcome.FunctionError, "{\"errorMessage\":\"no\",\"errorType\":\"E\",\"stackTrace\":[\"a\"]}"), call.Finish());
    }

    [Fact]
    public void A_cause_for_tracing_of_one_mebibyte_is_accepted_in_the_head()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        Assert.Equal(Accepted, Brief(process.Fail("{}", $"Lambda-Runtime-Function-XRay-Error-Cause: {new string('x', 1 << 20)}\r\n")));
        Assert.Equal((FunctionOutcome.FunctionError, "{}"), call.Finish());
    }

    [Theory]
    [InlineData("00000000-0000-4000-8000-000000000000")]
    [InlineData("x")]
    public void A_result_with_another_id_is_refused_and_leaves_the_invocation_alone(string id)
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        Assert.Equal(InvalidId, Brief(process.Respond("1", requestId: id)));
        Assert.Equal(InvalidId, Brief(process.Fail("1", requestId: id)));
        Assert.Null(call.Outcome);
        Assert.Equal(Accepted, Brief(process.Respond("2")));
        Assert.Equal((FunctionOutcome.Ok, "2"), call.Finish());
    }

    [Fact]
    public void The_id_may_be_percent_encoded()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        string encoded = string.Concat(process.RequestId.Select(c => $"%{(int)c:x2}"));
        Assert.Equal(Accepted, Brief(process.Respond("2", requestId: encoded)));
        Assert.Equal((FunctionOutcome.Ok, "2"), call.Finish());
    }

    [Fact]
    public void Calls_that_the_state_does_not_allow_are_refused_with_both_states()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        Assert.Equal(Forbidden("Running", "InitError"), Brief(process.Say(Post("init/error", "{}"))));
        process.Respond("1");
        Assert.Equal(Forbidden("ResponseSent", "InvocationResponse"), Brief(process.Respond("1")));
        Assert.Equal(Forbidden("ResponseSent", "InvocationErrorResponse"), Brief(process.Fail("1")));
        Assert.Equal(Forbidden("ResponseSent", "InitError"), Brief(process.Say(Post("init/error", "{}"))));
        process.Next();
        MemoryConnection other = process.Connect();
        other.Deliver(Post($"invocation/{process.RequestId}/response", "1"));
        _stage.Loop.Run();
        Assert.Equal(InvalidId, Brief(other.TakeSent()));
        Assert.Equal((FunctionOutcome.Ok, "1"), call.Finish());
    }

    [Fact]
    public void Before_its_first_poll_a_process_has_no_invocation_to_answer()
    {
        _stage.Invoke();
        Assert.Equal(InvalidId, Brief(_stage.Process.Respond("1", requestId: "x")));
        Assert.Equal(InvalidId, Brief(_stage.Process.Fail("1", requestId: "x")));
        Assert.Equal("200 {}", Brief(_stage.Process.Next()));
    }

    [Fact]
    public void A_second_poll_while_running_is_given_the_same_event()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke("{\"once\":1}");
        string first = process.Heard();
        string again = process.Next();
        Assert.Equal("200 {\"once\":1}", Brief(again));
        Assert.Equal(Field(first, "Lambda-Runtime-Invocation-Id"), Field(again, "Lambda-Runtime-Invocation-Id"));
        Assert.Equal(Accepted, Brief(process.Respond("1")));
        Assert.Equal((FunctionOutcome.Ok, "1"), call.Finish());
    }

    [Fact]
    public void A_second_poll_gets_the_same_event_even_when_its_caller_has_gone()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke("{\"kept\":1}");
        process.Heard();
        byte[] memory = call.Call.Event.Buffer;
        call.Call.Abort();
        _stage.Loop.Run();
        Assert.Equal(FunctionOutcome.Aborted, call.Outcome);
        memory.AsSpan().Clear(); // it serves another by now
        Assert.Equal("200 {\"kept\":1}", Brief(process.Next()));
        Assert.Equal(Accepted, Brief(process.Respond("1")));
    }

    [Fact]
    public void A_second_poll_while_ready_blocks_as_well_and_the_newest_gets_the_event()
    {
        RuntimeProcess process = _stage.Ready();
        MemoryConnection newest = process.Connect();
        newest.Deliver("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n\r\n");
        _stage.Loop.Run();
        Assert.Equal("", newest.TakeSent());
        _stage.Invoke("7");
        Assert.Equal("200 7", Brief(newest.TakeSent()));
        Assert.Equal("", process.Heard());
    }

    [Fact]
    public void A_poll_whose_connection_breaks_is_not_given_an_event()
    {
        RuntimeProcess process = _stage.Ready();
        MemoryConnection broken = process.Connect();
        broken.Deliver("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n\r\n");
        _stage.Loop.Run();
        broken.DeliverReset();
        _stage.Loop.Run();
        _stage.Invoke("7");
        Assert.Equal("200 7", Brief(process.Heard()));
    }

    [Fact]
    public void The_invocation_id_tells_a_late_answer_from_the_right_one()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall first = _stage.Invoke();
        process.Heard();
        string stale = process.InvocationId;
        Assert.Equal(Accepted, Brief(process.Respond("1", $"Lambda-Runtime-Invocation-Id: {stale}\r\n")));
        process.Next();
        first.Finish();
        StagedCall second = _stage.Invoke();
        process.Heard();
        Assert.NotEqual(stale, process.InvocationId);
        Assert.Equal(
            "410 {\"errorMessage\":\"The invocation has timed out\",\"errorType\":\"ErrorRuntimeInvokeTimeout\"}\n",
            Brief(process.Respond("late", $"Lambda-Runtime-Invocation-Id: {stale}\r\n")));
        Assert.Equal(Accepted, Brief(process.Respond("2", $"Lambda-Runtime-Invocation-Id: {process.InvocationId}\r\n")));
        Assert.Equal((FunctionOutcome.Ok, "2"), second.Finish());
    }

    [Fact]
    public void A_response_mode_that_is_not_known_fails_the_invocation()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        Assert.Equal(
            "400 {\"errorMessage\":\"Invalid function response mode\",\"errorType\":\"InvalidFunctionResponseMode\"}\n",
            Brief(process.Respond("1", "Lambda-Runtime-Function-Response-Mode: buffered\r\n")));
        (FunctionOutcome outcome, string body) = call.Finish();
        Assert.Equal(FunctionOutcome.FunctionError, outcome);
        Assert.StartsWith("{\"errorType\":\"Runtime.InvalidResponseModeHeader\",", body, StringComparison.Ordinal);
        process.Next();
        _stage.Invoke("8");
        Assert.Equal("200 8", Brief(process.Heard()));
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\n[1")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\n[1,2\r\n")]
    public void A_body_that_ends_early_is_a_truncated_request(string rest)
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        MemoryConnection connection = process.Connect();
        connection.Deliver($"POST /2018-06-01/runtime/invocation/{process.RequestId}/response HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n{rest}");
        _stage.Loop.Run();
        connection.DeliverEnd();
        _stage.Loop.Run();
        Assert.Equal("400 {\"errorMessage\":\"HTTP request detected as truncated\",\"errorType\":\"TruncatedHTTPRequest\"}\n", Brief(connection.TakeSent()));
        (FunctionOutcome outcome, string body) = call.Finish();
        Assert.Equal(FunctionOutcome.FunctionError, outcome);
        Assert.StartsWith("{\"errorType\":\"Runtime.TruncatedResponse\",", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6_291_556, true)]
    [InlineData(6_291_557, false)]
    public void A_result_has_at_most_6_MiB_and_100_bytes(int length, bool fits)
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        string result = new('x', length);
        string answer = Brief(process.Respond(result));
        if (fits)
        {
            Assert.Equal(Accepted, answer);
            Assert.Equal((FunctionOutcome.Ok, result), call.Finish());
            return;
        }

        Assert.Equal("413 {\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 bytes).\",\"errorType\":\"RequestEntityTooLarge\"}\n", answer);
        Assert.Equal(
            (FunctionOutcome.FunctionError, "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).\"}"),
            call.Finish());

        // The environment is kept, and so is its connection.
        Assert.Equal("", process.Next());
        _stage.Invoke("9");
        Assert.Equal("200 9", Brief(process.Heard()));
    }

    [Theory]
    [InlineData(6_291_556, null)]
    [InlineData(6_291_557, FunctionOutcome.EventTooLarge)]
    public void An_event_has_at_most_6_MiB_and_100_bytes(int length, FunctionOutcome? outcome)
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke(new string('1', length));
        Assert.Equal(outcome, call.Outcome);
        Assert.Equal(outcome is null ? 0 : 413, call.Call.Status);
        Assert.Equal(outcome is null, process.Heard().EndsWith("11111", StringComparison.Ordinal));
    }

    private static string Forbidden(string from, string to) =>
        $"403 {{\"errorMessage\":\"State transition from {from} to {to} failed for runtime. Error: State transition is not allowed\",\"errorType\":\"InvalidStateTransition\"}}\n";
}

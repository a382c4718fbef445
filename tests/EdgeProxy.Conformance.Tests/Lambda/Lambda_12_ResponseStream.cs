using System.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>Specification lambda.md 12: InvokeWithResponseStream, as it is called.</summary>
public sealed class Lambda_12_ResponseStream
{
    private const string Arn = "arn:aws:lambda:eu-west-1:111122223333:function:hello:live";

    private readonly LoopHarness _loop = new();
    private readonly FakeInvokeEndpoint _endpoint;

    public Lambda_12_ResponseStream() => _endpoint = new FakeInvokeEndpoint(_loop, new FunctionLimits { MaxStream = 1000 });

    [Fact]
    public void Its_own_path_is_called_and_signed()
    {
        _endpoint.AnswerStream(Chunk("a"), Complete());
        Assert.Equal("Ok 200 'a' End", Invoke());
        Assert.Equal("/2021-11-15/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A111122223333%3Afunction%3Ahello/response-streaming-invocations?Qualifier=live", _endpoint.Upstream.Target);
        Assert.Null(_endpoint.SignatureProblem("eu-west-1"));
    }

    [Fact]
    public void Payload_chunks_are_the_body_however_the_stream_is_cut()
    {
        string stream = Chunk("first ") + Chunk("") + Chunk("second ") + Chunk("third") + Complete();
        for (int cut = 1; cut < stream.Length; cut++)
        {
            _endpoint.AnswerStream(stream[..cut], stream[cut..]);
            Assert.Equal("Ok 200 'first second third' End", Invoke());
        }

        _endpoint.AnswerStream([.. stream.Select(static value => value.ToString())]);
        Assert.Equal("Ok 200 'first second third' End", Invoke());
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void The_first_bytes_are_there_before_the_function_has_ended()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: application/vnd.amazon.eventstream\nTransfer-Encoding: chunked").Add(BodyStatus.Data, Chunk("early"));
        FunctionCall call = Rent();
        Assert.Equal(FunctionOutcome.Ok, _loop.Await(call.InvokeAsync()));
        Assert.Equal("early", Encoding.ASCII.GetString(_loop.Await(call.ReadBodyAsync()).Chunk.Span));
        var next = call.ReadBodyAsync();
        _loop.Run();
        Assert.False(next.IsCompleted);
        _endpoint.Upstream.Add(BodyStatus.Data, Chunk("late"));
        Assert.Equal("late", Encoding.ASCII.GetString(_loop.Await(next).Chunk.Span));
        var last = call.ReadBodyAsync();
        _endpoint.Upstream.Add(BodyStatus.End, Complete());
        Assert.Equal(BodyStatus.End, _loop.Await(last).Status);
        call.Return();
        Assert.True(_endpoint.Upstream.IsReturned);
    }

    [Fact]
    public void A_function_without_output_has_an_empty_body()
    {
        _endpoint.AnswerStream(Complete());
        Assert.Equal("Ok 200 '' End", Invoke());
    }

    [Fact]
    public void A_failure_before_the_first_byte_is_the_functions_with_its_document()
    {
        _endpoint.AnswerStream(Chunk(""), FakeInvokeEndpoint.Message("InvokeComplete", """{"ErrorCode":"Unhandled","ErrorDetails":"{\"errorType\":\"Error\",\"errorMessage\":\"no\"}","LogResult":""}"""));
        Assert.Equal("FunctionError 200 '{\"errorType\":\"Error\",\"errorMessage\":\"no\"}' End", Invoke());
        _endpoint.AnswerStream(FakeInvokeEndpoint.Message("InvokeComplete", """{"ErrorCode":"Runtime.Odd\""}"""));
        Assert.Equal("FunctionError 200 '{\"errorType\":\"Runtime.Odd\\u0022\"}' End", Invoke());
    }

    [Fact]
    public void A_failure_after_the_first_byte_cuts_the_body_off()
    {
        _endpoint.AnswerStream(Chunk("half"), FakeInvokeEndpoint.Message("InvokeComplete", """{"ErrorCode":"Sandbox.Timedout","ErrorDetails":"{}"}"""));
        Assert.Equal("Ok 200 'half' Truncated", Invoke());
    }

    [Theory]
    [InlineData("TooManyRequestsException", "Throttled 429")]
    [InlineData("ResourceNotFoundException", "NotFound 404")]
    [InlineData("EC2ThrottledException", "ServiceFailed 500")]
    public void An_exception_at_the_beginning_is_told_by_its_name(string name, string expected)
    {
        string message = FakeInvokeEndpoint.Message([(":message-type", "exception"), (":exception-type", name)], "{\"message\":\"x\"}");
        _endpoint.AnswerStream(message);
        Assert.Equal(expected + " '{\"message\":\"x\"}' End", Invoke());
        _endpoint.AnswerStream(Chunk("a"), message);
        Assert.Equal("Ok 200 'a' Truncated", Invoke());
    }

    [Fact]
    public void An_error_that_no_model_knows_is_the_services()
    {
        string message = FakeInvokeEndpoint.Message([(":message-type", "error"), (":error-code", "Odd"), (":error-message", "x")], "");
        _endpoint.AnswerStream(message);
        Assert.Equal("ServiceFailed 500 '' End", Invoke());
        _endpoint.AnswerStream(Chunk("a") + message);
        Assert.Equal("Ok 200 'a' Truncated", Invoke());
    }

    [Fact]
    public void A_stream_that_just_ends_was_cut_off()
    {
        _endpoint.AnswerStream(Chunk("half"));
        Assert.Equal("Ok 200 'half' Truncated", Invoke());
        _endpoint.AnswerStream("");
        Assert.Equal("Malformed 200 '' End", Invoke());
    }

    [Fact]
    public void Bytes_that_are_no_messages_are_not_passed_on()
    {
        _endpoint.AnswerStream("HTTP is not an event stream");
        Assert.StartsWith("Malformed", Invoke(), StringComparison.Ordinal);
        string wrong = Chunk("b");
        _endpoint.AnswerStream(Chunk("a"), wrong[..^1] + (char)(wrong[^1] ^ 1));
        Assert.Equal("Ok 200 'a' Violation", Invoke());
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 2", "{}");
        Assert.StartsWith("Malformed", Invoke(), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_of_other_kinds_are_passed_over()
    {
        _endpoint.AnswerStream(FakeInvokeEndpoint.Message([], "x") + FakeInvokeEndpoint.Message("Heartbeat", "y") + Chunk("a") + FakeInvokeEndpoint.Message("Heartbeat", "z") + Complete());
        Assert.Equal("Ok 200 'a' End", Invoke());
    }

    [Fact]
    public void A_stream_beyond_the_limit_ends()
    {
        _endpoint.AnswerStream(Chunk(new string('x', 1000)), Chunk("y"), Complete());
        Assert.Equal($"Ok 200 '{new string('x', 1000)}' TooLarge", Invoke());
    }

    [Fact]
    public void An_error_of_the_service_comes_as_for_invoke()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 404 Not Found\nx-amzn-ErrorType: ResourceNotFoundException\nContent-Length: 2", "{}");
        Assert.Equal("NotFound 404 '{}' End", Invoke());
    }

    private static string Chunk(string text) => FakeInvokeEndpoint.Message("PayloadChunk", text);

    private static string Complete() => FakeInvokeEndpoint.Message("InvokeComplete", "{}");

    private FunctionCall Rent()
    {
        FunctionCall call = _endpoint.Rent(Arn);
        call.Streams = true;
        return call;
    }

    private string Invoke()
    {
        FunctionCall call = Rent();
        FunctionOutcome outcome = _loop.Await(call.InvokeAsync());
        var text = new StringBuilder($"{outcome} {call.Status} '");
        while (true)
        {
            BodyRead read = _loop.Await(call.ReadBodyAsync());
            text.Append(Encoding.Latin1.GetString(read.Chunk.Span));
            if (read.Status == BodyStatus.Data) continue;
            text.Append($"' {read.Status}");
            break;
        }

        call.Return();
        return text.ToString();
    }
}

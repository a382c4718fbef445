using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;
using static EdgeProxy.TestKit.RuntimeProcess;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 4: results that come piece by piece.</summary>
public sealed class Lambda_4_Streaming : IDisposable
{
    private const string ErrorTrailers = "0\r\nLambda-Runtime-Function-Error-Type: Boom\r\nLambda-Runtime-Function-Error-Body: eyJlcnJvclR5cGUiOiJCb29tIn0=\r\n\r\n";

    private readonly RuntimeStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void Bytes_are_handed_on_as_they_come()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: true);
        Assert.Equal(FunctionOutcome.Ok, call.Outcome);
        process.Say("3\r\none\r\n");
        Assert.Equal((BodyStatus.Data, "one"), call.Read());
        process.Say("3\r\ntwo\r\n0\r\n\r\n");
        Assert.Equal((FunctionOutcome.Ok, "two"), call.Finish());
        Assert.Equal("202 {\"status\":\"OK\"}\n", Brief(process.Heard()));
        Assert.Equal("", process.Next());
        _stage.Invoke("5");
        Assert.Equal("200 5", Brief(process.Heard()));
    }

    [Fact]
    public void A_read_waits_for_the_next_piece()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: true);
        BodyRead? seen = null;
        ReadAsync().Forget();
        _stage.Loop.Run();
        Assert.Null(seen);
        process.Say("4\r\nlate\r\n");
        Assert.Equal(BodyStatus.Data, seen!.Value.Status);
        process.Say("0\r\n\r\n");
        Assert.Equal((FunctionOutcome.Ok, ""), call.Finish());

        async Core.Concurrency.LoopTask ReadAsync() => seen = await call.Call.ReadBodyAsync();
    }

    [Fact]
    public void An_error_after_the_first_byte_cuts_the_result_short()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: true);
        process.Say($"3\r\none\r\n{ErrorTrailers}");
        Assert.Equal((FunctionOutcome.Ok, "one<Truncated>"), call.Finish());
        Assert.Equal("202 {\"status\":\"OK\"}\n", Brief(process.Heard()));
        Assert.Equal("", process.Next());
    }

    [Fact]
    public void An_error_before_the_first_byte_may_come_as_an_ordinary_error()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke(fill: with => with.Streams = true);
        process.Heard();
        process.Fail("{\"errorType\":\"E\"}");
        Assert.Equal((FunctionOutcome.FunctionError, "{\"errorType\":\"E\"}"), call.Finish());
    }

    [Fact]
    public void A_stream_for_a_caller_who_wants_it_whole_is_collected()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: false);
        process.Say("3\r\none\r\n");
        Assert.Null(call.Outcome);
        Assert.Equal("202 {\"status\":\"OK\"}\n", Brief(process.Say("3\r\ntwo\r\n0\r\n\r\n")));
        Assert.Equal((FunctionOutcome.Ok, "onetwo"), call.Finish());
    }

    [Fact]
    public void A_collected_stream_that_ends_with_an_error_is_a_function_error()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: false);
        process.Say($"3\r\none\r\n{ErrorTrailers}");
        Assert.Equal((FunctionOutcome.FunctionError, "{\"errorType\":\"Boom\"}"), call.Finish());
    }

    [Fact]
    public void A_collected_stream_is_limited_like_any_result()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: false);
        string piece = new('x', 1 << 20);
        for (int i = 0; i < 7; i++) process.Say($"100000\r\n{piece}\r\n");
        Assert.StartsWith("413 ", Brief(process.Say("0\r\n\r\n")), StringComparison.Ordinal);
        (FunctionOutcome outcome, string body) = call.Finish();
        Assert.Equal(FunctionOutcome.FunctionError, outcome);
        Assert.Contains("Response payload size (7340032 bytes)", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_result_for_a_caller_who_wants_it_as_it_comes_is_one_piece()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke(fill: with => with.Streams = true);
        process.Heard();
        process.Respond("[1,2]");
        Assert.Equal((FunctionOutcome.Ok, "[1,2]"), call.Finish());
    }

    [Fact]
    public void A_stream_has_a_limit_of_its_own()
    {
        using var stage = new RuntimeStage(options => options with { StreamLimit = 5 });
        RuntimeProcess process = stage.Ready();
        StagedCall call = stage.Invoke(fill: with => with.Streams = true);
        process.Heard();
        process.Say(Head(process));
        process.Say("4\r\n1234\r\n");
        Assert.Equal((BodyStatus.Data, "1234"), call.Read());
        process.Say("4\r\n5678\r\n");
        Assert.Equal((FunctionOutcome.Ok, "<Truncated>"), call.Finish());
        Assert.StartsWith("413 ", Brief(process.Heard()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_breaks_cuts_the_result_short()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: true);
        process.Say("3\r\none\r\n");
        process.Connection.DeliverEnd();
        Assert.Equal((FunctionOutcome.Ok, "one<Truncated>"), call.Finish());
    }

    [Fact]
    public void A_time_out_cuts_the_result_short()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: true);
        process.Say("3\r\none\r\n");
        Assert.Equal((BodyStatus.Data, "one"), call.Read());
        _stage.Loop.Advance(TimeSpan.FromSeconds(3.1));
        Assert.True(process.WasTerminated);
        Assert.Equal((FunctionOutcome.Ok, "<Truncated>"), call.Finish());
    }

    [Fact]
    public void A_caller_who_goes_leaves_the_function_to_run_on()
    {
        (RuntimeProcess process, StagedCall call) = Begin(streams: true);
        process.Say("3\r\none\r\n");
        call.Call.Return();
        _stage.Loop.Run();
        Assert.Equal("202 {\"status\":\"OK\"}\n", Brief(process.Say("3\r\ntwo\r\n0\r\n\r\n")));
        Assert.Equal("", process.Next());
        _stage.Invoke("6");
        Assert.Equal("200 6", Brief(process.Heard()));
    }

    [Fact]
    public void A_caller_who_has_the_whole_result_and_goes_late_does_not_touch_the_next_one_s()
    {
        (RuntimeProcess process, StagedCall slow) = Begin(streams: true);
        process.Say("3\r\none\r\n0\r\n\r\n");
        Assert.Equal((BodyStatus.End, "one"), slow.Read());
        process.Heard();
        process.Next();
        StagedCall next = _stage.Invoke(fill: with => with.Streams = true);
        process.Heard();
        process.Say(Head(process));
        process.Say("3\r\ntwo\r\n");
        slow.Call.Abort();
        Assert.Equal(BodyStatus.Truncated, slow.Read().Status);
        slow.Call.Return();
        process.Say("0\r\n\r\n");
        Assert.Equal((FunctionOutcome.Ok, "two"), next.Finish());
    }

    private static string Head(RuntimeProcess process) =>
        $"POST /2018-06-01/runtime/invocation/{process.RequestId}/response HTTP/1.1\r\nHost: 127.0.0.1:9001\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n"
        + "Transfer-Encoding: chunked\r\nTrailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\nContent-Type: application/octet-stream\r\n\r\n";

    private (RuntimeProcess Process, StagedCall Call) Begin(bool streams)
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke(fill: with => with.Streams = streams);
        process.Heard();
        process.Say(Head(process));
        return (process, call);
    }
}

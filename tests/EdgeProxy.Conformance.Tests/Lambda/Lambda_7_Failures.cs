using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;
using static EdgeProxy.TestKit.RuntimeProcess;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 7: time-outs and failures, and what callers are told of them.</summary>
public sealed class Lambda_7_Failures : IDisposable
{
    private readonly RuntimeStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void A_time_out_is_told_at_once_and_the_process_replaced()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        _stage.Loop.Advance(TimeSpan.FromSeconds(2.98));
        Assert.Null(call.Outcome);
        _stage.Loop.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal(
            (FunctionOutcome.FunctionError, $"{{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: {call.RequestId} Error: Task timed out after 3.00 seconds\"}}"), call.Finish());
        Assert.True(process.WasTerminated);
        Assert.False(process.WasKilled);

        StagedCall next = _stage.Invoke();
        Assert.Equal(2, _stage.Processes.Count);
        _stage.Loop.Advance(TimeSpan.FromMilliseconds(310));
        Assert.True(process.WasKilled);
        _stage.Process.Next();
        _stage.Process.Respond("2");
        Assert.Equal((FunctionOutcome.Ok, "2"), next.Finish());
    }

    [Fact]
    public void What_comes_after_the_time_out_reaches_nobody()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        string id = process.RequestId;
        string invocation = process.InvocationId;
        _stage.Loop.Advance(TimeSpan.FromSeconds(3.1));
        call.Finish();
        StagedCall next = _stage.Invoke();
        Assert.Equal("400", Brief(process.Respond("late", requestId: id))[..3]);
        Assert.Equal("410", Brief(process.Respond("late", $"Lambda-Runtime-Invocation-Id: {invocation}\r\n", requestId: id))[..3]);
        Assert.Equal("500", Brief(process.Next())[..3]);
        Assert.Null(next.Outcome);
    }

    [Fact]
    public void A_runtime_that_does_not_ask_for_the_next_event_in_time_is_replaced_after_its_answer()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        process.Respond("1");
        Assert.Equal((FunctionOutcome.Ok, "1"), call.Finish());
        _stage.Loop.Advance(TimeSpan.FromSeconds(3.1));
        Assert.True(process.WasTerminated);
    }

    [Fact]
    public void A_process_that_survives_its_end_is_killed_again()
    {
        RuntimeProcess process = _stage.Ready();
        _stage.Invoke();
        process.Heard();
        _stage.Loop.Advance(TimeSpan.FromSeconds(3.4));
        Assert.Equal(1, process.Kills);
        _stage.Loop.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(2, process.Kills);
        process.Exit(137);
        int kills = process.Kills;
        _stage.Loop.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(kills, process.Kills);
    }

    [Fact]
    public void A_process_that_ended_while_it_had_nothing_to_do_is_given_no_event()
    {
        RuntimeProcess process = _stage.Ready();
        process.ExitUnnoticed(1);
        StagedCall call = _stage.Invoke();
        Assert.Equal(2, _stage.Processes.Count);
        _stage.Process.Next();
        _stage.Process.Respond("1");
        Assert.Equal((FunctionOutcome.Ok, "1"), call.Finish());
    }

    [Fact]
    public void The_last_answer_of_a_process_that_ended_counts_and_its_last_question_does_not()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall first = _stage.Invoke();
        process.Heard();
        StagedCall second = _stage.Invoke();
        process.ExitUnnoticed(0);
        process.Respond("1");
        Assert.Equal("", process.Next());
        Assert.Equal((FunctionOutcome.Ok, "1"), first.Finish());
        _stage.Loop.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Null(second.Outcome);
        Assert.Equal(2, _stage.Processes.Count);
        _stage.Process.Next();
        _stage.Process.Respond("2");
        Assert.Equal((FunctionOutcome.Ok, "2"), second.Finish());
    }

    [Theory]
    [InlineData(1, "Runtime exited with error: exit status 1")]
    [InlineData(128, "Runtime exited with error: exit status 128")]
    [InlineData(129, "Runtime exited with error: exit status 129")]
    [InlineData(137, "Runtime exited with error: signal: killed")]
    [InlineData(0, "Runtime exited without providing a reason")]
    public void A_process_that_ends_during_an_invocation_is_told_as_its_exit(int code, string what)
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        process.Exit(code);
        Assert.Equal((FunctionOutcome.FunctionError, Document("Runtime.ExitError", call, what)), call.Finish());
        Assert.True(process.IsClosed);
        _stage.Invoke();
        Assert.Equal(2, _stage.Processes.Count);
    }

    [Fact]
    public void What_a_process_said_right_before_it_ended_is_what_its_caller_gets()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall call = _stage.Invoke();
        process.Heard();
        process.Connection.Deliver(Post($"invocation/{process.RequestId}/error", "{\"errorType\":\"Last\"}"));
        process.Exit(129);
        Assert.Equal((FunctionOutcome.FunctionError, "{\"errorType\":\"Last\"}"), call.Finish());
    }

    [Fact]
    public void A_process_that_ends_during_init_is_started_again_once_within_the_invocation()
    {
        StagedCall call = _stage.Invoke();
        _stage.Process.Exit(1);
        Assert.Equal(2, _stage.Processes.Count);
        Assert.Null(call.Outcome);
        _stage.Process.Exit(1);
        Assert.Equal((FunctionOutcome.FunctionError, Document("Runtime.ExitError", call, "Runtime exited with error: exit status 1")), call.Finish());
        Assert.Equal(2, _stage.Processes.Count);
    }

    [Fact]
    public void A_process_that_starts_at_the_second_try_serves_the_invocation()
    {
        StagedCall call = _stage.Invoke("11");
        _stage.Process.Exit(1);
        Assert.Equal("200 11", Brief(_stage.Process.Next()));
        _stage.Process.Respond("1");
        Assert.Equal((FunctionOutcome.Ok, "1"), call.Finish());
    }

    [Fact]
    public void What_a_runtime_says_of_a_failed_init_is_what_the_caller_gets()
    {
        const string Document = "{\"errorMessage\":\"Unable to import\",\"errorType\":\"Runtime.ImportModuleError\",\"stackTrace\":[]}";
        StagedCall call = _stage.Invoke();
        for (int i = 0; i < 2; i++)
        {
            RuntimeProcess process = _stage.Process;
            Assert.Equal("202 {\"status\":\"OK\"}\n", Brief(process.Say(Post("init/error", Document, "Lambda-Runtime-Function-Error-Type: Runtime.ImportModuleError\r\n"))));
            process.Exit(1);
        }

        Assert.Equal((FunctionOutcome.FunctionError, Document), call.Finish());
    }

    [Fact]
    public void A_missing_executable_is_told_as_it_is_and_not_tried_again()
    {
        StagedCall call = _stage.Invoke();
        _stage.Process.FailToStart("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
        Assert.Equal((FunctionOutcome.FunctionError, Document("Runtime.InvalidEntrypoint", call, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")), call.Finish());
        Assert.Single(_stage.Processes);
    }

    [Fact]
    public void A_process_that_never_starts_is_tried_less_and_less_often()
    {
        FailOnce();
        FailOnce();
        int starts = _stage.Processes.Count;

        // Told the last failure, with its own id, without a start.
        StagedCall refused = _stage.Invoke();
        Assert.Equal((FunctionOutcome.FunctionError, Document("Runtime.ExitError", refused, "Runtime exited with error: exit status 1")), refused.Finish());
        Assert.Equal(starts, _stage.Processes.Count);

        _stage.Loop.Advance(TimeSpan.FromMilliseconds(260));
        FailOnce();
        Assert.Equal(starts + 2, _stage.Processes.Count);
        _stage.Loop.Advance(TimeSpan.FromMilliseconds(200)); // the pause has doubled, of which an exit has taken 200 ms
        refused = _stage.Invoke();
        Assert.Equal(FunctionOutcome.FunctionError, refused.Finish().Outcome);
        Assert.Equal(starts + 2, _stage.Processes.Count);
        _stage.Loop.Advance(TimeSpan.FromMilliseconds(500));
        StagedCall served = _stage.Invoke();
        _stage.Process.Next();
        _stage.Process.Respond("1");
        Assert.Equal((FunctionOutcome.Ok, "1"), served.Finish());

        void FailOnce()
        {
            StagedCall call = _stage.Invoke();
            _stage.Process.Exit(1);
            _stage.Process.Exit(1);
            Assert.Equal(FunctionOutcome.FunctionError, call.Finish().Outcome);
        }
    }

    [Fact]
    public void The_caller_s_own_time_is_apart_from_the_function_s()
    {
        RuntimeProcess process = _stage.Ready();
        long now = _stage.Loop.Now;
        StagedCall call = _stage.Invoke(fill: with => with.Deadline = now + 1_000_000_000);
        process.Heard();
        _stage.Loop.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(FunctionOutcome.TimedOut, call.Outcome);
        call.Call.Return();
        Assert.False(process.WasTerminated);
        Assert.Equal("202 {\"status\":\"OK\"}\n", Brief(process.Respond("late")));
        Assert.Equal("", process.Next());
        _stage.Invoke("12");
        Assert.Equal("200 12", Brief(process.Heard()));
    }

    private static string Document(string errorType, StagedCall call, string what) => $"{{\"errorType\":\"{errorType}\",\"errorMessage\":\"RequestId: {call.RequestId} Error: {what}\"}}";
}

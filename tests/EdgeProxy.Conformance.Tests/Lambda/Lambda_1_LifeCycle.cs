using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;
using static EdgeProxy.TestKit.RuntimeProcess;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 1: the life of an execution environment.</summary>
public sealed class Lambda_1_LifeCycle
{
    [Fact]
    public void The_first_invocation_starts_a_process_and_the_next_find_it()
    {
        using var stage = new RuntimeStage();
        Assert.Empty(stage.Processes);
        for (int i = 0; i < 3; i++)
        {
            StagedCall call = stage.Invoke();
            if (i == 0) Assert.Equal("200 {}", Brief(stage.Process.Next()));
            else Assert.Equal("200 {}", Brief(stage.Process.Heard()));
            stage.Process.Respond("1");
            stage.Process.Next();
            Assert.Equal((FunctionOutcome.Ok, "1"), call.Finish());
        }

        Assert.Single(stage.Processes);
    }

    [Fact]
    public void A_process_has_one_invocation_at_a_time_and_concurrency_is_the_number_of_processes()
    {
        using var stage = new RuntimeStage(options => options with { MaximumWorkers = 2 });
        StagedCall[] calls = [stage.Invoke("1"), stage.Invoke("2"), stage.Invoke("3")];
        Assert.Equal(2, stage.Processes.Count);
        Assert.Equal("200 1", Brief(stage.Processes[0].Next()));
        Assert.Equal("200 2", Brief(stage.Processes[1].Next()));
        stage.Processes[1].Respond("\"two\"");
        Assert.Equal("200 3", Brief(stage.Processes[1].Next()));
        Assert.Equal((FunctionOutcome.Ok, "\"two\""), calls[1].Finish());
        Assert.Null(calls[0].Outcome);
        Assert.Null(calls[2].Outcome);
    }

    [Fact]
    public void Workers_that_are_kept_start_without_an_invocation_and_come_back()
    {
        using var stage = new RuntimeStage(options => options with { MinimumWorkers = 2, MaximumWorkers = 3, IdleTimeout = TimeSpan.FromSeconds(30) });
        stage.Function.Warm();
        stage.Loop.Run();
        Assert.Equal(2, stage.Processes.Count);
        foreach (RuntimeProcess process in stage.Processes) process.Next();
        stage.Loop.Advance(TimeSpan.FromMinutes(5));
        Assert.All(stage.Processes, process => Assert.False(process.WasTerminated));
        stage.Processes[0].Exit(0);
        Assert.Equal(3, stage.Processes.Count);
    }

    [Fact]
    public void A_worker_beyond_those_is_ended_when_it_has_been_idle()
    {
        using var stage = new RuntimeStage(options => options with { IdleTimeout = TimeSpan.FromSeconds(60) });
        RuntimeProcess process = stage.Ready();
        stage.Loop.Advance(TimeSpan.FromSeconds(59));
        Assert.False(process.WasTerminated);
        stage.Loop.Advance(TimeSpan.FromSeconds(17));
        Assert.True(process.WasTerminated);
        process.Exit(143);
        Assert.True(process.IsClosed);
        stage.Invoke();
        Assert.Equal(2, stage.Processes.Count);
    }

    [Fact]
    public void An_init_that_takes_over_10_s_is_repeated_within_the_invocation_and_then_bound_by_the_function_s_time()
    {
        using var stage = new RuntimeStage(options => options with { QueueWait = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromSeconds(20) });
        StagedCall call = stage.Invoke();
        stage.Loop.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Single(stage.Processes);
        stage.Loop.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(2, stage.Processes.Count);
        Assert.True(stage.Processes[0].WasTerminated);
        stage.Loop.Advance(TimeSpan.FromSeconds(15));

        // The start that was repeated counts: five of twenty seconds are left.
        Assert.Equal("200 {}", Brief(stage.Process.Next()));
        stage.Loop.Advance(TimeSpan.FromSeconds(4.8));
        Assert.Null(call.Outcome);
        stage.Loop.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(
            (FunctionOutcome.FunctionError, $"{{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: {call.RequestId} Error: Task timed out after 20.00 seconds\"}}"), call.Finish());
    }

    [Fact]
    public void A_repeated_init_that_takes_as_long_as_the_function_may_is_a_time_out()
    {
        using var stage = new RuntimeStage(options => options with { QueueWait = TimeSpan.FromMinutes(1) });
        StagedCall call = stage.Invoke();
        stage.Loop.Advance(TimeSpan.FromSeconds(10.1));
        Assert.Null(call.Outcome);
        stage.Loop.Advance(TimeSpan.FromSeconds(3.1));
        Assert.Equal(
            (FunctionOutcome.FunctionError, $"{{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: {call.RequestId} Error: Task timed out after 3.00 seconds\"}}"), call.Finish());
    }

    [Fact]
    public void A_process_that_is_to_end_has_300_ms_after_SIGTERM()
    {
        using var stage = new RuntimeStage(options => options with { IdleTimeout = TimeSpan.FromSeconds(4) });
        RuntimeProcess process = stage.Ready();
        while (!process.WasTerminated) stage.Loop.Advance(TimeSpan.FromMilliseconds(10));
        stage.Loop.Advance(TimeSpan.FromMilliseconds(270));
        Assert.False(process.WasKilled);
        stage.Loop.Advance(TimeSpan.FromMilliseconds(40));
        Assert.True(process.WasKilled);
    }
}

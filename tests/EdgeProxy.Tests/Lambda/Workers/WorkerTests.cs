using System.Globalization;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Lambda.Workers;

/// <summary>Events that a worker is given together (decision 0044).</summary>
public sealed class WorkerTests
{
    private const string NextAhead = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:9001\r\nEdgeProxy-Ahead: 255\r\n\r\n";

    [Fact]
    public void Gives_a_quick_worker_the_events_that_wait_together_and_each_result_to_its_caller()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Quick(stage);
        StagedCall[] calls = [stage.Invoke("0"), stage.Invoke("\"one\""), stage.Invoke("2")];
        Assert.Equal(["0"], EventsIn(process.Heard()));
        process.Respond("\"a\"");
        Assert.Equal(["\"one\"", "2"], EventsIn(process.Say(NextAhead)));
        Assert.Equal((FunctionOutcome.Ok, "\"a\""), calls[0].Finish());
        Assert.Equal("202", process.Respond("\"b\"", requestId: calls[1].RequestId)[9..12]);
        Assert.Equal((FunctionOutcome.Ok, "\"b\""), calls[1].Finish());
        Assert.Null(calls[2].Outcome);
        Assert.Equal("202", process.Fail("{}", requestId: calls[2].RequestId)[9..12]);
        Assert.Equal((FunctionOutcome.FunctionError, "{}"), calls[2].Finish());
        Assert.Equal("", process.Say(NextAhead));
        Assert.Equal(1, MetricText.Value(stage.Registry, "edgeproxy_function_events_ahead_total{function=\"probe\"}"));
    }

    [Fact]
    public void Takes_results_that_come_together_with_the_poll_behind_them()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Quick(stage);
        StagedCall[] calls = [stage.Invoke("0"), stage.Invoke("1"), stage.Invoke("2"), stage.Invoke("3")];
        process.Heard();
        process.Respond("null");
        process.Say(NextAhead);
        string answers = process.Say(Result(calls[1], "10") + Result(calls[2], "20") + Result(calls[3], "30") + NextAhead);
        StagedCall last = stage.Invoke("4");
        answers += process.Heard();
        Assert.Equal(3, answers.Split("HTTP/1.1 202").Length - 1);
        Assert.EndsWith("\r\n\r\n4", answers, StringComparison.Ordinal);
        Assert.Equal(["10", "20", "30"], [calls[1].Finish().Body, calls[2].Finish().Body, calls[3].Finish().Body]);
        process.Respond("40", requestId: last.RequestId);
        Assert.Equal("40", last.Finish().Body);
    }

    [Fact]
    public void Takes_no_result_of_an_event_before_its_turn()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Together(stage, out StagedCall first, out StagedCall second);
        Assert.Equal("400", process.Respond("2", requestId: second.RequestId)[9..12]);
        process.Respond("1", requestId: first.RequestId);
        Assert.Equal("400", process.Respond("1", requestId: first.RequestId)[9..12]);
        process.Respond("2", requestId: second.RequestId);
        Assert.Equal(["1", "2"], [first.Finish().Body, second.Finish().Body]);
    }

    [Fact]
    public void Gives_one_event_at_a_time_to_a_runtime_that_does_not_ask_for_more()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Quick(stage);
        StagedCall[] calls = [stage.Invoke("0"), stage.Invoke("1"), stage.Invoke("2")];
        process.Heard();
        process.Respond("null");
        Assert.Equal(["1"], EventsIn(process.Next()));
        Assert.Null(calls[2].Outcome);
    }

    [Fact]
    public void Gives_one_event_at_a_time_where_that_is_configured()
    {
        using var stage = new RuntimeStage(options => options with { MaximumWorkers = 1, Ahead = 1 });
        RuntimeProcess process = Quick(stage);
        _ = new[] { stage.Invoke("0"), stage.Invoke("1"), stage.Invoke("2") };
        process.Heard();
        process.Respond("null");
        Assert.Equal(["1"], EventsIn(process.Say(NextAhead)));
    }

    [Fact]
    public void Gives_one_event_at_a_time_once_the_worker_was_slow()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Quick(stage);
        _ = new[] { stage.Invoke("0"), stage.Invoke("1"), stage.Invoke("2") };
        process.Heard();
        stage.Loop.Advance(TimeSpan.FromMilliseconds(20));
        process.Respond("null");
        Assert.Equal(["1"], EventsIn(process.Say(NextAhead)));
    }

    [Fact]
    public void Gives_streams_and_large_events_alone()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Quick(stage);
        string large = $"\"{new string('x', 70_000)}\"";
        _ = new[] { stage.Invoke("0"), stage.Invoke("1"), stage.Invoke(large), stage.Invoke("3", call => call.Streams = true), stage.Invoke("4") };
        process.Heard();
        process.Respond("null");
        Assert.Equal(["1"], EventsIn(process.Say(NextAhead)));
        process.Respond("null");
        Assert.Equal([large], EventsIn(process.Say(NextAhead)));
        process.Respond("null");
        Assert.Equal(["3"], EventsIn(process.Say(NextAhead)));
    }

    [Fact]
    public void Gives_no_worker_more_than_its_share()
    {
        using var stage = new RuntimeStage(options => options with { MaximumWorkers = 2 });
        RuntimeProcess first = Quick(stage);
        StagedCall busy = stage.Invoke("0");
        first.Heard();
        StagedCall[] calls = [stage.Invoke("1"), stage.Invoke("2"), stage.Invoke("3"), stage.Invoke("4"), stage.Invoke("5")];
        Assert.Equal(["1"], EventsIn(stage.Process.Say(NextAhead)));
        first.Respond("null");
        Assert.Equal(["2", "3", "4"], EventsIn(first.Say(NextAhead)));
        Assert.Null(calls[4].Outcome);
        busy.Finish();
    }

    [Fact]
    public void The_time_of_an_event_begins_when_the_one_before_it_is_answered()
    {
        using var stage = new RuntimeStage(options => options with { Timeout = TimeSpan.FromSeconds(3), MaximumWorkers = 1 });
        RuntimeProcess process = Together(stage, out StagedCall first, out StagedCall second);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        process.Respond("1", requestId: first.RequestId);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        process.Respond("2", requestId: second.RequestId);
        Assert.Equal(["1", "2"], [first.Finish().Body, second.Finish().Body]);
        Assert.Empty(process.Failures);
    }

    [Fact]
    public void A_time_out_fails_one_event_and_those_behind_it_go_to_another_worker()
    {
        using var stage = new RuntimeStage(options => options with { Timeout = TimeSpan.FromSeconds(3), MaximumWorkers = 1 });
        RuntimeProcess process = Together(stage, out StagedCall first, out StagedCall second);
        stage.Loop.Advance(TimeSpan.FromSeconds(4));
        Assert.Contains("Sandbox.Timedout", first.Finish().Body, StringComparison.Ordinal);
        Assert.Null(second.Outcome);
        process.Exit(143);
        Assert.Equal(2, stage.Processes.Count);
        Assert.Equal(["2"], EventsIn(stage.Process.Say(NextAhead)));
        stage.Process.Respond("\"again\"");
        Assert.Equal((FunctionOutcome.Ok, "\"again\""), second.Finish());
    }

    [Fact]
    public void A_process_that_ends_itself_fails_one_event_and_those_behind_it_go_to_another_worker()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Together(stage, out StagedCall first, out StagedCall second);
        process.Exit(1);
        Assert.Contains("exit status 1", first.Finish().Body, StringComparison.Ordinal);
        Assert.Equal(["2"], EventsIn(stage.Process.Say(NextAhead)));
        stage.Process.Respond("\"again\"");
        Assert.Equal((FunctionOutcome.Ok, "\"again\""), second.Finish());
    }

    [Fact]
    public void A_process_that_a_signal_ends_fails_all_events_that_it_may_have_begun()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Together(stage, out StagedCall first, out StagedCall second);
        process.Exit(139);
        Assert.Contains("segmentation fault", first.Finish().Body, StringComparison.Ordinal);
        (FunctionOutcome outcome, string body) = second.Finish();
        Assert.Equal(FunctionOutcome.FunctionError, outcome);
        Assert.Contains("segmentation fault", body, StringComparison.Ordinal);
        Assert.Single(stage.Processes);
    }

    [Fact]
    public void A_caller_that_leaves_does_not_disturb_the_events_around_its_own()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Quick(stage);
        StagedCall[] calls = [stage.Invoke("0"), stage.Invoke("1"), stage.Invoke("2"), stage.Invoke("3")];
        process.Heard();
        process.Respond("null");
        process.Say(NextAhead);
        string[] ids = [.. calls.Select(call => call.RequestId)];
        calls[2].Call.Abort();
        stage.Loop.Run();
        Assert.Equal(FunctionOutcome.Aborted, calls[2].Outcome);
        foreach (int i in (int[])[1, 2, 3]) Assert.Equal("202", process.Respond($"{i}0", requestId: ids[i])[9..12]);
        Assert.Equal(["10", "30"], [calls[1].Finish().Body, calls[3].Finish().Body]);
        Assert.Equal("", process.Say(NextAhead));
    }

    [Fact]
    public void A_runtime_that_asks_again_gets_what_it_has_not_answered()
    {
        using var stage = new RuntimeStage();
        RuntimeProcess process = Together(stage, out StagedCall first, out StagedCall second);
        Assert.Equal(["1", "2"], EventsIn(process.Say(NextAhead)));
        process.Respond("1", requestId: first.RequestId);
        Assert.Equal(["2"], EventsIn(process.Next()));
        process.Respond("2", requestId: second.RequestId);
        Assert.Equal(["1", "2"], [first.Finish().Body, second.Finish().Body]);
    }

    private static string Result(StagedCall call, string body) => RuntimeProcess.Post($"invocation/{call.RequestId}/response", body);

    // A worker that has served enough events soon enough and waits for the next.
    private static RuntimeProcess Quick(RuntimeStage stage)
    {
        StagedCall call = stage.Invoke();
        RuntimeProcess process = stage.Process;
        process.Say(NextAhead);
        for (int i = 0; i <= 64; i++)
        {
            process.Respond("null");
            process.Say(NextAhead);
            call.Finish();
            call = stage.Invoke();
            process.Heard();
        }

        process.Respond("null");
        process.Say(NextAhead);
        call.Finish();
        return process;
    }

    // A worker that has two events in hand.
    private static RuntimeProcess Together(RuntimeStage stage, out StagedCall first, out StagedCall second)
    {
        RuntimeProcess process = Quick(stage);
        StagedCall before = stage.Invoke("0");
        process.Heard();
        first = stage.Invoke("1");
        second = stage.Invoke("2");
        process.Respond("null");
        Assert.Equal(["1", "2"], EventsIn(process.Say(NextAhead)));
        before.Finish();
        return process;
    }

    // The events of an answer, as the loop for Node.js takes it apart.
    private static List<string> EventsIn(string answer)
    {
        int head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        string body = answer[(head + 4)..];
        if (RuntimeProcess.Field(answer, "EdgeProxy-First") is not { } first) return [body];
        int length = int.Parse(first, CultureInfo.InvariantCulture);
        List<string> events = [body[..length]];
        for (body = body[length..]; body.Length > 0; body = body[length..])
        {
            head = body.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            string fields = $"HTTP/1.1 200{body[..(head + 4)]}";
            Assert.NotNull(RuntimeProcess.Field(fields, "Lambda-Runtime-Deadline-Ms"));
            Assert.NotNull(RuntimeProcess.Field(fields, "Lambda-Runtime-Invoked-Function-Arn"));
            length = int.Parse(RuntimeProcess.Field(fields, "Content-Length")!, CultureInfo.InvariantCulture);
            body = body[(head + 4)..];
            events.Add(body[..length]);
        }

        return events;
    }
}

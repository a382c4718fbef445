using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Lambda.Invocation;

public sealed class LocalFunctionTests
{
    [Theory]
    [InlineData(LocalRuntime.Nodejs, "index.js", "exports.handler = async (event, context) => ({ got: event, id: context.awsRequestId, arn: context.invokedFunctionArn });")]
    [InlineData(LocalRuntime.Python, "index.py", "import json\ndef handler(event, context):\n    return json.loads(json.dumps({'got': event, 'id': context.aws_request_id, 'arn': context.invoked_function_arn}))\n")]
    public void A_function_is_given_its_event_and_its_result_comes_back(LocalRuntime runtime, string file, string code)
    {
        using var stage = new FunctionStage();
        LocalFunction function = stage.With(file, code).Start(stage.Options(runtime));
        for (int i = 0; i < 3; i++)
        {
            FunctionAnswer answer = stage.Invoke(function, $"{{\"turn\":{i}}}", name: "arn:aws:lambda:eu-west-1:123456789012:function:probe:live");
            Assert.Equal((FunctionOutcome.Ok, 200), (answer.Outcome, answer.Status));
            Assert.Equal($"{{\"got\":{{\"turn\":{i}}},\"id\":\"{answer.RequestId}\",\"arn\":\"arn:aws:lambda:eu-west-1:123456789012:function:probe:live\"}}", answer.Body.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_loop_without_a_worker_has_another_loop_s_serve_it()
    {
        using var stage = new FunctionStage(loops: 2);
        LocalFunction function = stage.With("index.js", "exports.handler = async () => process.pid;").Start(stage.Options(LocalRuntime.Nodejs));
        string first = stage.Invoke(function, "{}", loop: 0).Body;
        Assert.Equal(first, stage.Invoke(function, "{}", loop: 1).Body);
        Assert.Equal(first, stage.Invoke(function, "{}", loop: 0).Body);
    }

    [Fact]
    public void The_log_of_an_invocation_that_another_loop_served_is_told_all_the_same()
    {
        using var stage = new FunctionStage(loops: 2);
        LocalFunction function = stage.With("index.js", "exports.handler = async (event) => { console.log('said ' + event); };").Start(stage.Options(LocalRuntime.Nodejs));
        stage.Invoke(function, "1", loop: 0);
        PendingAnswer away = stage.Begin(function, "2", loop: 1);
        away.Answer(FunctionStage.Patience);
        away.Until(call => System.Text.Encoding.UTF8.GetString(call.Call!.LogTail.Span).Contains("said 2", StringComparison.Ordinal));
        Assert.DoesNotContain("said 1", System.Text.Encoding.UTF8.GetString(away.Call!.LogTail.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_whose_invocations_wait_may_start_the_worker_that_another_loop_lost()
    {
        using var stage = new FunctionStage(loops: 2);
        stage.With("index.js", "exports.handler = (event) => new Promise((resolve) => { if (event > 0) setTimeout(() => resolve(event), event); else if (event < 0) setTimeout(() => process.exit(1), -event); else resolve(0); });");
        LocalFunction function = stage.Start(stage.Options(LocalRuntime.Nodejs) with { MaximumWorkers = 2 });
        PendingAnswer slow = stage.Begin(function, "15000", loop: 0);
        stage.WaitForLine(line => line.Contains("started worker 0.", StringComparison.Ordinal));
        PendingAnswer exits = stage.Begin(function, "-1500", loop: 1);
        stage.WaitForLine(line => line.Contains("started worker 1.", StringComparison.Ordinal));
        PendingAnswer waits = stage.Begin(function, "0", loop: 0);
        Assert.Equal(FunctionOutcome.FunctionError, exits.Answer(FunctionStage.Patience).Outcome);
        Assert.Equal("0", waits.Answer(TimeSpan.FromSeconds(10)).Body);
        Assert.False(slow.HasOutcome);
    }

    [Fact]
    public void Invocations_beyond_the_workers_wait_and_those_beyond_the_queue_are_throttled()
    {
        using var stage = new FunctionStage();
        stage.With("index.js", "exports.handler = (event) => new Promise((resolve) => setTimeout(() => resolve(event), 300));");
        LocalFunction function = stage.Start(stage.Options(LocalRuntime.Nodejs) with { QueueLength = 1 });
        Assert.Equal("0", stage.Invoke(function, "0").Body);
        PendingAnswer[] pending = [.. Enumerable.Range(1, 3).Select(i => stage.Begin(function, $"{i}"))];
        FunctionAnswer[] answers = [.. pending.Select(one => one.Answer(FunctionStage.Patience))];
        Assert.Equal([FunctionOutcome.Ok, FunctionOutcome.Ok, FunctionOutcome.Throttled], answers.Select(answer => answer.Outcome));
        Assert.Equal(429, answers[2].Status);
        Assert.Contains("ReservedFunctionConcurrentInvocationLimitExceeded", answers[2].Body, StringComparison.Ordinal);
        Assert.Equal("2", answers[1].Body);
    }

    [Fact]
    public void A_reload_keeps_the_workers_of_functions_that_have_not_changed_and_replaces_the_others()
    {
        using var stage = new FunctionStage();
        stage.With("index.js", "exports.handler = async () => process.pid + ' ' + process.env.COLOUR;");
        LocalFunctionOptions options = stage.Options(LocalRuntime.Nodejs) with { Environment = new Dictionary<string, string> { ["COLOUR"] = "red" } };
        LocalFunction function = stage.Start(options);
        string red = stage.Invoke(function, "{}").Body;
        LocalFunction same = stage.Start(options with { Environment = new Dictionary<string, string> { ["COLOUR"] = "red" } });
        Assert.Same(function, same);
        Assert.Equal(red, stage.Invoke(same, "{}").Body);
        LocalFunction changed = stage.Start(options with { Environment = new Dictionary<string, string> { ["COLOUR"] = "blue" } });
        Assert.EndsWith(" blue\"", stage.Invoke(changed, "{}").Body, StringComparison.Ordinal);
        stage.WaitForLine(line => line.Contains("stops: Replaced", StringComparison.Ordinal));
        LocalFunctionOptions code = changed.Options with { CodeStamp = 7 };
        Assert.NotSame(changed, stage.Start(code));
        Assert.Same(stage.Start(code), stage.Start(code with { }));
        Assert.EndsWith(" red\"", stage.Invoke(function, "{}").Body, StringComparison.Ordinal); // a request that still holds the old one
    }
}

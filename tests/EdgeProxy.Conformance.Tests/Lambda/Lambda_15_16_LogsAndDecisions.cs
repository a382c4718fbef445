using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 15 and 16: log lines of an invocation, and what EdgeProxy has decided.</summary>
public sealed class Lambda_15_16_LogsAndDecisions : IDisposable
{
    private readonly FunctionStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void An_invocation_is_logged_from_its_start_to_its_report()
    {
        LocalFunction function = Start("async () => 1");
        FunctionAnswer cold = _stage.Invoke(function, "{}");
        Assert.StartsWith($"function_start: START RequestId: {cold.RequestId} Version: $LATEST | ", _stage.WaitForLine(line => line.StartsWith("function_start:", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith($"function_end: END RequestId: {cold.RequestId} | ", _stage.WaitForLine(line => line.StartsWith("function_end:", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Matches(
            $@"^function_report: REPORT RequestId: {cold.RequestId}\tInit Duration: \d+\.\d\d ms\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t \| function=probe",
            _stage.WaitForLine(line => line.StartsWith("function_report:", StringComparison.Ordinal)));
        FunctionAnswer warm = _stage.Invoke(function, "{}");
        Assert.Matches($@"^function_report: REPORT RequestId: {warm.RequestId}\tDuration: ", _stage.WaitForLine(line => line.Contains($"REPORT RequestId: {warm.RequestId}", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_failed_init_is_reported()
    {
        _stage.Invoke(_stage.Start(_stage.Options(LocalRuntime.Nodejs, "absent.handler")), "{}");
        Assert.Matches(
            @"^function_init_failed: INIT_REPORT Init Duration: [\d.]+ ms Phase: init Status: error Error Type: Runtime\.ImportModuleError; ",
            _stage.WaitForLine(line => line.StartsWith("function_init_failed:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Output_is_logged_by_line_with_function_worker_and_request_and_cut_at_256_KB()
    {
        LocalFunction function = Start("async () => { process.stdout.write('from stdout\\n'); process.stderr.write('from stderr\\n'); process.stdout.write('y'.repeat(300000) + '\\nend\\n'); return 1; }");
        FunctionAnswer answer = _stage.Invoke(function, "{}");
        Assert.Contains($"stream=stdout requestId={answer.RequestId}", Flat("from stdout"), StringComparison.Ordinal);
        string line = Flat("from stderr");
        Assert.Contains($"function=probe worker=0.1 stream=stderr requestId={answer.RequestId}", line, StringComparison.Ordinal);
        Flat("end");
        string cut = Assert.Single(_stage.Lines, candidate => candidate.StartsWith("function_output: yyy", StringComparison.Ordinal));
        Assert.Equal(256 * 1024, cut.Count(c => c == 'y'));

        string Flat(string text) => _stage.WaitForLine(candidate => candidate.StartsWith($"function_output: {text} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_process_has_a_listener_of_its_own()
    {
        _stage.With("index.js", "exports.handler = async () => { await new Promise((resolve) => setTimeout(resolve, 200)); return process.env.AWS_LAMBDA_RUNTIME_API; };");
        LocalFunction function = _stage.Start(_stage.Options(LocalRuntime.Nodejs) with { MaximumWorkers = 2 });
        PendingAnswer[] pending = [_stage.Begin(function, "{}"), _stage.Begin(function, "{}")];
        string[] addresses = [.. pending.Select(one => one.Answer(FunctionStage.Patience).Body)];
        Assert.All(addresses, address => Assert.StartsWith("\"127.0.0.1:", address, StringComparison.Ordinal));
        Assert.NotEqual(addresses[0], addresses[1]);
    }

    [Fact]
    public void An_invocation_that_waits_longer_than_the_queue_allows_is_throttled()
    {
        LocalFunction function = _stage
            .With("index.js", "exports.handler = () => new Promise((resolve) => setTimeout(() => resolve(1), 1500));")
            .Start(_stage.Options(LocalRuntime.Nodejs) with { QueueWait = TimeSpan.FromMilliseconds(900) });
        PendingAnswer first = _stage.Begin(function, "{}");
        Assert.Equal((FunctionOutcome.Throttled, 429), _stage.Begin(function, "{}").Answer(FunctionStage.Patience) is var answer ? (answer.Outcome, answer.Status) : default);
        Assert.Equal("1", first.Answer(FunctionStage.Patience).Body);
    }

    [Fact]
    public void An_invocation_of_type_Event_is_accepted_at_once_and_tried_again_when_the_function_fails()
    {
        using var stage = new RuntimeStage(options => options with { Timeout = TimeSpan.FromSeconds(900) });
        RuntimeProcess process = stage.Ready();
        StagedCall call = stage.Invoke("13", with => with.Type = InvocationType.Event);
        Assert.Equal((FunctionOutcome.Ok, 202), (call.Outcome, call.Call.Status));
        Assert.Equal((FunctionOutcome.Ok, ""), call.Finish());
        Assert.Equal("200 13", RuntimeProcess.Brief(process.Heard()));
        for (int minutes = 1; minutes <= 2; minutes++)
        {
            process.Fail("{}");
            process.Next();
            stage.Loop.Advance(TimeSpan.FromMinutes(minutes - 0.1));
            Assert.Equal("", process.Heard());
            stage.Loop.Advance(TimeSpan.FromMinutes(0.4));
            Assert.Equal("200 13", RuntimeProcess.Brief(process.Heard()));
        }

        process.Fail("{}");
        process.Next();
        stage.Loop.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("", process.Heard());
    }

    [Fact]
    public void A_dry_run_starts_nothing()
    {
        using var stage = new RuntimeStage();
        StagedCall call = stage.Invoke("{}", with => with.Type = InvocationType.DryRun);
        Assert.Equal((FunctionOutcome.Ok, 204), (call.Outcome, call.Call.Status));
        Assert.Empty(stage.Processes);
    }

    private LocalFunction Start(string handler) => _stage.With("index.js", $"exports.handler = {handler};").Start(_stage.Options(LocalRuntime.Nodejs));
}

using System.Text.Json;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 8: the contract of Node.js handlers, with Node.js itself.</summary>
public sealed class Lambda_8_Nodejs : IDisposable
{
    private readonly FunctionStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("index.handler", "index.js", "exports.handler = async () => 1;")]
    [InlineData("src/app.api.get", "src/app.js", "exports.api = { get: async () => 1 };")]
    [InlineData("index.handler", "index.mjs", "export const handler = await Promise.resolve(async () => 1);")]
    [InlineData("index.handler", "index.cjs", "exports.handler = async () => 1;")]
    [InlineData("index.handler", "index", "exports.handler = async () => 1;")]
    [InlineData("lib/index.handler", "lib/index.js", "export const handler = async () => 1;", "package.json", "{\"type\":\"module\"}")]
    [InlineData("part.handler", "node_modules/part/index.js", "exports.handler = async () => 1;")]
    [InlineData("index.handler", "index.mjs", "export const handler = async () => 2;", "index.js", "exports.handler = async () => 1;")]
    public void Finds_a_handler(string handler, string file, string code, string? other = null, string otherContent = "")
    {
        _stage.With(file, code);
        if (other is not null) _stage.With(other, otherContent);
        Assert.Equal("1", Invoke(handler).Body);
    }

    [Theory]
    [InlineData("../index.handler", "Runtime.MalformedHandlerName", "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names.")]
    [InlineData("index", "Runtime.MalformedHandlerName", "Bad handler")]
    [InlineData("index.missing", "Runtime.HandlerNotFound", "index.missing is undefined or not exported")]
    [InlineData("index.number", "Runtime.HandlerNotFound", "index.number is not a function")]
    [InlineData("absent.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'absent'*")]
    [InlineData("needs.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'nowhere'*")]
    [InlineData("wrong.handler", "Runtime.UserCodeSyntaxError", "SyntaxError: *")]
    [InlineData("throws.handler", "RangeError", "at load")]
    public void Says_why_a_handler_cannot_be_loaded(string handler, string errorType, string errorMessage)
    {
        _stage.With("index.js", "exports.number = 5;").With("needs.js", "require('nowhere');").With("wrong.js", "exports.handler = {{{").With("throws.js", "throw new RangeError('at load');");
        FunctionAnswer answer = Invoke(handler);
        Assert.Equal(FunctionOutcome.FunctionError, answer.Outcome);
        JsonElement document = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(["errorType", "errorMessage", "trace"], document.EnumerateObject().Select(member => member.Name));
        Assert.Equal(errorType, document.GetProperty("errorType").GetString());
        string message = document.GetProperty("errorMessage").GetString()!;
        if (errorMessage.EndsWith('*')) Assert.StartsWith(errorMessage[..^1], message, StringComparison.Ordinal);
        else Assert.Equal(errorMessage, message);
    }

    [Theory]
    [InlineData("async (event) => event.a", "7")]
    [InlineData("(event) => ({ then(resolve) { resolve(event.a); } })", "7")]
    [InlineData("async () => undefined", "null")]
    [InlineData("(event) => 'ignored'", "null")]
    [InlineData("(event, context, callback) => { setTimeout(() => { globalThis.late = 'yes'; }, 20); callback(null, 1); }", "1")]
    [InlineData("(event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); callback(null, 2); }", "2")]
    [InlineData("(event, context, callback) => { setTimeout(() => callback(null, 3), 20); }", "3")]
    [InlineData("(event, context) => { setInterval(() => {}, 1000); context.succeed(4); context.succeed(5); }", "4")]
    [InlineData("(event, context) => { context.done(null, 6); }", "6")]
    [InlineData("async () => { await new Promise((resolve) => setTimeout(resolve, 30)); return 8; }", "8")]
    public void Takes_a_result(string handler, string result)
    {
        LocalFunction function = Start(handler);
        for (int i = 0; i < 2; i++)
        {
            FunctionAnswer answer = _stage.Invoke(function, "{\"a\":7}");
            Assert.Equal((FunctionOutcome.Ok, result), (answer.Outcome, answer.Body));
        }
    }

    [Fact]
    public void A_callback_s_result_waits_until_the_event_loop_is_empty()
    {
        LocalFunction function = Start("(event, context, callback) => { const seen = {}; setTimeout(() => { seen.late = true; }, 50); callback(null, seen); }");
        Assert.Equal("{\"late\":true}", _stage.Invoke(function, "{}").Body);
    }

    [Theory]
    [InlineData("async () => { throw new RangeError('boom'); }", "RangeError", "boom")]
    [InlineData("() => { throw new RangeError('boom'); }", "RangeError", "boom")]
    [InlineData("async () => { throw 'text'; }", "string", "text")]
    [InlineData("(event, context, callback) => { setInterval(() => {}, 1000); callback(new TypeError('back')); }", "TypeError", "back")]
    [InlineData("(event, context) => { context.fail(); }", "string", "handled")]
    [InlineData("(event, context) => { context.done(new Error('done')); }", "Error", "done")]
    [InlineData("async () => { const a = {}; a.a = a; return a; }", "Error", "Unable to stringify response body")]
    [InlineData("async () => 1n", "Error", "Unable to stringify response body")]
    [InlineData("() => new Promise(() => {})", "Runtime.NodeJsExit", "*")]
    public void Takes_an_error_and_stays_usable(string handler, string errorType, string errorMessage)
    {
        LocalFunction function = Start(handler);
        for (int i = 0; i < 2; i++)
        {
            FunctionAnswer answer = _stage.Invoke(function, "{}");
            Assert.Equal(FunctionOutcome.FunctionError, answer.Outcome);
            JsonElement document = JsonDocument.Parse(answer.Body).RootElement;
            Assert.Equal(errorType, document.GetProperty("errorType").GetString());
            if (errorMessage != "*") Assert.Equal(errorMessage, document.GetProperty("errorMessage").GetString());
            Assert.Equal(JsonValueKind.Array, document.GetProperty("trace").ValueKind);
        }

        Assert.Single(_stage.Lines, line => line.StartsWith("function_worker_started:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("() => { Promise.reject(new Error('nobody')); return new Promise((resolve) => setTimeout(resolve, 5000)); }", "Runtime.UnhandledPromiseRejection", "Error: nobody", 128)]
    [InlineData("() => { setTimeout(() => { throw new RangeError('nobody'); }, 10); return new Promise((resolve) => setTimeout(resolve, 5000)); }", "RangeError", "nobody", 129)]
    public void What_nobody_catches_fails_the_invocation_and_ends_the_process(string handler, string errorType, string errorMessage, int code)
    {
        LocalFunction function = Start(handler);
        FunctionAnswer answer = _stage.Invoke(function, "{}");
        Assert.Equal(FunctionOutcome.FunctionError, answer.Outcome);
        JsonElement document = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal((errorType, errorMessage), (document.GetProperty("errorType").GetString(), document.GetProperty("errorMessage").GetString()));
        _stage.WaitForLine(line => line.StartsWith("function_worker_ended:", StringComparison.Ordinal) && line.Contains($"exit status {code})", StringComparison.Ordinal));
        Assert.Equal(FunctionOutcome.FunctionError, _stage.Invoke(function, "{}").Outcome);
        Assert.Equal(2, _stage.Lines.Count(line => line.StartsWith("function_worker_started:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("async (event) => event.n", null)]
    [InlineData("(event, context) => { context.succeed(event.n); }", null)]
    [InlineData("async (event) => { if (event.n % 7 === 3) await new Promise((resolve) => setTimeout(resolve, 2)); return event.n; }", null)]
    [InlineData("async (event) => { await null; await null; if (event.n === 900) throw new Error('no'); return event.n; }", "no")]
    [InlineData("(event) => { if (event.n === 900) process.exit(3); return Promise.resolve(event.n); }", "exit status 3")]
    [InlineData("async (event) => { if (event.n === 900) setImmediate(() => { throw new Error('no'); }); if (event.n === 900) await new Promise((resolve) => setTimeout(resolve, 5000)); return event.n; }", "no")]
    public void Events_that_come_together_are_answered_each_by_its_own_result(string handler, string? failure)
    {
        LocalFunction function = Start(handler);
        for (int n = 0; n < 100; n++) Assert.Equal($"{n}", _stage.Invoke(function, $"{{\"n\":{n}}}").Body);
        List<PendingAnswer> pending = [.. Enumerable.Range(600, 600).Select(n => _stage.Begin(function, $"{{\"n\":{n}}}"))];
        for (int n = 600; n < 1200; n++)
        {
            FunctionAnswer answer = pending[n - 600].Answer(FunctionStage.Patience);
            if (n == 900 && failure is not null) Assert.Contains(failure, answer.Body, StringComparison.Ordinal);
            else Assert.Equal((FunctionOutcome.Ok, $"{n}"), (answer.Outcome, answer.Body));
        }
    }

    [Fact]
    public void Many_events_do_come_together()
    {
        LocalFunction function = Start("async (event) => event.n");
        for (int n = 0; n < 100; n++) _stage.Invoke(function, $"{{\"n\":{n}}}");
        for (int round = 0; round < 20; round++)
        {
            List<PendingAnswer> pending = [.. Enumerable.Range(0, 200).Select(n => _stage.Begin(function, $"{{\"n\":{n}}}"))];
            foreach (PendingAnswer answer in pending) answer.Answer(FunctionStage.Patience);
            if (MetricText.Value(_stage.Registry, "edgeproxy_function_events_ahead_total{function=\"probe\"}") > 0) return;
        }

        Assert.Fail("No event was given with another.");
    }

    [Fact]
    public void The_context_says_what_there_is_to_say()
    {
        LocalFunction function = Start("""
            async (event, context) => ({
              ...context, remaining: context.getRemainingTimeInMillis(), methods: [typeof context.done, typeof context.fail, typeof context.succeed], custom: context.clientContext?.custom })
            """);
        FunctionAnswer answer = _stage.Invoke(
            function, "{}", fill: call => call.ClientContext = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String("{\"custom\":{\"k\":\"ö\"}}"u8)), name: "probe:live");
        JsonElement context = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal("probe", context.GetProperty("functionName").GetString());
        Assert.Equal("$LATEST", context.GetProperty("functionVersion").GetString());
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:probe:live", context.GetProperty("invokedFunctionArn").GetString());
        Assert.Equal("128", context.GetProperty("memoryLimitInMB").GetString());
        Assert.Equal(answer.RequestId, context.GetProperty("awsRequestId").GetString());
        Assert.Equal("/aws/lambda/probe", context.GetProperty("logGroupName").GetString());
        Assert.NotEmpty(context.GetProperty("logStreamName").GetString()!);
        Assert.True(context.GetProperty("callbackWaitsForEmptyEventLoop").GetBoolean());
        Assert.InRange(context.GetProperty("remaining").GetInt64(), 1, 20_000);
        Assert.Equal("[\"function\",\"function\",\"function\"]", context.GetProperty("methods").GetRawText());
        Assert.Equal("ö", context.GetProperty("custom").GetProperty("k").GetString());
    }

    [Fact]
    public void A_client_context_that_is_no_JSON_fails_the_invocation()
    {
        LocalFunction function = Start("async () => 1");
        Assert.Equal(FunctionOutcome.FunctionError, _stage.Invoke(function, "{}", fill: call => call.ClientContext = "bm9wZQ=="u8.ToArray()).Outcome);
        Assert.Equal("1", _stage.Invoke(function, "{}").Body);
    }

    [Fact]
    public void A_streamed_result_reaches_the_caller_before_the_handler_ends()
    {
        LocalFunction function = Start("""
            awslambda.streamifyResponse(async (event, stream, context) => {
              stream.setContentType('text/plain');
              stream.write('first');
              stream.write({ json: true });
              const fs = require('fs');
              while (!fs.existsSync(event.gate)) await new Promise((resolve) => setTimeout(resolve, 5));
              stream.write(Buffer.from('last'));
              stream.end();
            })
            """);
        for (int i = 0; i < 2; i++)
        {
            string gate = Path.Combine(_stage.Directory, $"gate{i}");
            PendingAnswer pending = _stage.Begin(function, $"{{\"gate\":\"{gate}\"}}", fill: call => call.Streams = true);
            pending.Until(answer => answer.Body.StartsWith("first{\"json\":true}", StringComparison.Ordinal));
            File.WriteAllText(gate, "");
            FunctionAnswer whole = pending.Answer(FunctionStage.Patience);
            Assert.Equal((FunctionOutcome.Ok, "first{\"json\":true}last", BodyStatus.End), (whole.Outcome, whole.Body, whole.End));
        }
    }

    [Fact]
    public void A_streamed_result_may_have_a_prelude()
    {
        LocalFunction function = Start("""
            awslambda.streamifyResponse(async (event, stream) => {
              stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: 'b' } });
              stream.write('body');
              stream.end();
            })
            """);
        Assert.Equal("{\"statusCode\":201,\"headers\":{\"a\":\"b\"}}\0\0\0\0\0\0\0\0body", _stage.Invoke(function, "{}", fill: call => call.Streams = true).Body);
        Assert.Equal("{\"statusCode\":201,\"headers\":{\"a\":\"b\"}}\0\0\0\0\0\0\0\0body", _stage.Invoke(function, "{}").Body);
    }

    [Fact]
    public void A_large_stream_flows_through()
    {
        LocalFunction function = Start("""
            awslambda.streamifyResponse(async (event, stream) => {
              const { pipeline } = require('stream/promises');
              const { Readable } = require('stream');
              await pipeline(Readable.from((function* () { for (let i = 0; i < 160; i++) yield Buffer.alloc(65536, 120); })()), stream);
            })
            """);
        FunctionAnswer answer = _stage.Invoke(function, "{}", fill: call => call.Streams = true);
        Assert.Equal((FunctionOutcome.Ok, BodyStatus.End, 160 * 65536), (answer.Outcome, answer.End, answer.Body.Length));
    }

    [Theory]
    [InlineData("(event, stream) => 1", "InvalidStreamingOperation", "Streaming does not support non-async handlers.")]
    [InlineData("async (event, stream) => {}", "InvalidStreamingOperation", "Response stream is not finished.")]
    [InlineData("async (event, stream) => { throw new RangeError('early'); }", "RangeError", "early")]
    public void A_streaming_handler_that_fails_before_its_first_byte_is_a_function_error(string handler, string errorType, string errorMessage)
    {
        FunctionAnswer answer = _stage.Invoke(Start($"awslambda.streamifyResponse({handler})"), "{}", fill: call => call.Streams = true);
        Assert.Equal(FunctionOutcome.FunctionError, answer.Outcome);
        JsonElement document = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal((errorType, errorMessage), (document.GetProperty("errorType").GetString(), document.GetProperty("errorMessage").GetString()));
    }

    [Theory]
    [InlineData("throw new RangeError('late');")]
    [InlineData("try { stream.setContentType('a/b'); } catch (error) { if (error.message === 'Cannot set content-type, too late.') throw error; }")]
    [InlineData("await new Promise(() => {});")]
    [InlineData("")]
    public void A_streaming_handler_that_fails_after_its_first_byte_cuts_the_result_short_and_stays_usable(string then)
    {
        LocalFunction function = Start($"awslambda.streamifyResponse(async (event, stream) => {{ stream.write('x'); {then} }})");
        for (int i = 0; i < 2; i++)
        {
            FunctionAnswer answer = _stage.Invoke(function, "{}", fill: call => call.Streams = true);
            Assert.Equal((FunctionOutcome.Ok, "x", BodyStatus.Truncated), (answer.Outcome, answer.Body, answer.End));
        }
    }

    [Fact]
    public void Console_lines_have_time_request_and_level()
    {
        LocalFunction function = Start("async () => { console.log('one', { a: 1 }); console.warn('two\\nlines'); console.error('three'); return 1; }");
        FunctionAnswer answer = _stage.Invoke(function, "{}");
        Line($"\t{answer.RequestId}\tINFO\tone {{ a: 1 }}");
        Line($"\t{answer.RequestId}\tWARN\ttwo\rlines");
        Line($"\t{answer.RequestId}\tERROR\tthree");

        void Line(string text) => Assert.Matches(@"^function_output: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t", _stage.WaitForLine(line => line.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public void Console_lines_may_be_JSON()
    {
        _stage.With("index.js", "exports.handler = async () => { console.debug('quiet'); console.info('loud'); return 1; };");
        LocalFunctionOptions options = _stage.Options(LocalRuntime.Nodejs) with
        {
            Environment = new Dictionary<string, string> { ["AWS_LAMBDA_LOG_FORMAT"] = "JSON", ["AWS_LAMBDA_LOG_LEVEL"] = "INFO" },
        };
        FunctionAnswer answer = _stage.Invoke(_stage.Start(options), "{}");
        string line = _stage.WaitForLine(candidate => candidate.Contains("loud", StringComparison.Ordinal));
        Assert.Contains($"\"level\":\"INFO\",\"requestId\":\"{answer.RequestId}\",\"message\":\"loud\"}}", line, StringComparison.Ordinal);
        Assert.DoesNotContain(_stage.Lines, candidate => candidate.Contains("quiet", StringComparison.Ordinal));
    }

    private LocalFunction Start(string handler) => _stage.With("index.js", $"exports.handler = {handler};").Start(_stage.Options(LocalRuntime.Nodejs));

    private FunctionAnswer Invoke(string handler) => _stage.Invoke(_stage.Start(_stage.Options(LocalRuntime.Nodejs, handler)), "{}");
}

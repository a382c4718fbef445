using System.Text.Json;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 9: the contract of Python handlers, with Python itself.</summary>
public sealed class Lambda_9_Python : IDisposable
{
    private readonly FunctionStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("index.handler", "index.py")]
    [InlineData("pack/module.handler", "pack/module.py")]
    [InlineData("pack.module.handler", "pack/module.py")]
    public void Finds_a_handler(string handler, string file)
    {
        _stage.With(file, "def handler(event, context):\n    return 1\n");
        Assert.Equal("1", _stage.Invoke(_stage.Start(_stage.Options(LocalRuntime.Python, handler)), "{}").Body);
    }

    [Theory]
    [InlineData("index", "Runtime.MalformedHandlerName", "Bad handler 'index': not enough values to unpack (expected 2, got 1)")]
    [InlineData("sys.handler", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module")]
    [InlineData("absent.handler", "Runtime.ImportModuleError", "Unable to import module 'absent': No module named 'absent'")]
    [InlineData("needs.handler", "Runtime.ImportModuleError", "Unable to import module 'needs': No module named 'nowhere'")]
    [InlineData("wrong.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'wrong': *")]
    [InlineData("index.missing", "Runtime.HandlerNotFound", "Handler 'missing' missing on module 'index'")]
    [InlineData("throws.handler", "ZeroDivisionError", "division by zero")]
    public void Says_why_a_handler_cannot_be_loaded(string handler, string errorType, string errorMessage)
    {
        _stage.With("index.py", "").With("needs.py", "import nowhere\n").With("wrong.py", "def handler(:\n").With("throws.py", "1 / 0\n");
        FunctionAnswer answer = _stage.Invoke(_stage.Start(_stage.Options(LocalRuntime.Python, handler)), "{}");
        Assert.Equal(FunctionOutcome.FunctionError, answer.Outcome);
        JsonElement document = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(["errorMessage", "errorType", "requestId", "stackTrace"], document.EnumerateObject().Select(member => member.Name));
        Assert.Equal(errorType, document.GetProperty("errorType").GetString());
        string message = document.GetProperty("errorMessage").GetString()!;
        if (errorMessage.EndsWith('*')) Assert.StartsWith(errorMessage[..^1], message, StringComparison.Ordinal);
        else Assert.Equal(errorMessage, message);
    }

    [Theory]
    [InlineData("event['a']", "7")]
    [InlineData("None", "null")]
    [InlineData("b'\\x01raw'", "\u0001raw")]
    [InlineData("decimal.Decimal('1.50')", "1.5")]
    [InlineData("decimal.Decimal(12)", "12")]
    [InlineData("float('nan')", "NaN")]
    [InlineData("{'t': (1, 2)}", "{\"t\": [1, 2]}")]
    public void Takes_a_result(string expression, string result)
    {
        LocalFunction function = Start($"return {expression}");
        for (int i = 0; i < 2; i++)
        {
            FunctionAnswer answer = _stage.Invoke(function, "{\"a\":7}");
            Assert.Equal((FunctionOutcome.Ok, result), (answer.Outcome, answer.Body));
        }
    }

    [Theory]
    [InlineData("raise ValueError('boom')", "ValueError", "boom")]
    [InlineData("raise Own('mine')", "Own", "mine")]
    [InlineData("return object()", "Runtime.MarshalError", "Unable to marshal response: Object of type object is not JSON serializable")]
    public void Takes_an_error_and_stays_usable(string statement, string errorType, string errorMessage)
    {
        LocalFunction function = Start(statement);
        for (int i = 0; i < 2; i++)
        {
            FunctionAnswer answer = _stage.Invoke(function, "{}");
            Assert.Equal(FunctionOutcome.FunctionError, answer.Outcome);
            JsonElement document = JsonDocument.Parse(answer.Body).RootElement;
            Assert.Equal(["errorMessage", "errorType", "requestId", "stackTrace"], document.EnumerateObject().Select(member => member.Name));
            Assert.Equal((errorMessage, errorType, answer.RequestId), (document.GetProperty("errorMessage").GetString(), document.GetProperty("errorType").GetString(), document.GetProperty("requestId").GetString()));
            if (errorType.StartsWith("Runtime.", StringComparison.Ordinal)) continue;

            // Of the stack only the function's own part.
            JsonElement frame = Assert.Single(document.GetProperty("stackTrace").EnumerateArray());
            Assert.StartsWith($"  File \"{_stage.Directory}/index.py\", line ", frame.GetString(), StringComparison.Ordinal);
        }

        Assert.Single(_stage.Lines, line => line.StartsWith("function_worker_started:", StringComparison.Ordinal));
    }

    [Fact]
    public void An_event_that_is_no_JSON_is_an_error_of_the_runtime()
    {
        FunctionAnswer answer = _stage.Invoke(Start("return 1"), "{");
        Assert.Equal("Runtime.UnmarshalError", JsonDocument.Parse(answer.Body).RootElement.GetProperty("errorType").GetString());
    }

    [Fact]
    public void A_client_context_that_is_no_JSON_is_an_error_of_the_runtime()
    {
        FunctionAnswer answer = _stage.Invoke(Start("return 1"), "{}", fill: call => call.ClientContext = "bm9wZQ=="u8.ToArray());
        Assert.Equal("Runtime.LambdaContextUnmarshalError", JsonDocument.Parse(answer.Body).RootElement.GetProperty("errorType").GetString());
    }

    [Fact]
    public void A_process_that_exits_in_its_handler_is_told_as_its_exit()
    {
        FunctionAnswer answer = _stage.Invoke(Start("sys.exit(3)"), "{}");
        Assert.Equal($"{{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: {answer.RequestId} Error: Runtime exited with error: exit status 3\"}}", answer.Body);
    }

    [Fact]
    public void The_context_says_what_there_is_to_say()
    {
        LocalFunction function = Start("""
            return {
                    'name': context.function_name, 'version': context.function_version, 'arn': context.invoked_function_arn, 'memory': context.memory_limit_in_mb,
                    'id': context.aws_request_id, 'group': context.log_group_name, 'stream': bool(context.log_stream_name), 'tenant': context.tenant_id,
                    'identity': context.identity.cognito_identity_id, 'custom': context.client_context.custom, 'title': context.client_context.client.app_title,
                    'remaining': 0 < context.get_remaining_time_in_millis() <= 20000}
            """);
        FunctionAnswer answer = _stage.Invoke(
            function,
            "{}",
            fill: call => call.ClientContext = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String("{\"custom\":{\"k\":1},\"client\":{\"app_title\":\"t\"}}"u8)));
        Assert.Equal(
            "{\"name\": \"probe\", \"version\": \"$LATEST\", \"arn\": \"arn:aws:lambda:us-east-1:123456789012:function:probe\", \"memory\": \"128\", "
            + $"\"id\": \"{answer.RequestId}\", \"group\": \"/aws/lambda/probe\", \"stream\": true, \"tenant\": null, \"identity\": null, \"custom\": {{\"k\": 1}}, \"title\": \"t\", \"remaining\": true}}",
            answer.Body);
    }

    [Fact]
    public void Log_lines_have_level_time_and_request_and_errors_are_one_line()
    {
        LocalFunction function = Start("logging.getLogger().warning('careful'); print('plain'); raise ValueError('boom')");
        FunctionAnswer answer = _stage.Invoke(function, "{}");
        Assert.Matches(@"^function_output: \[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t" + answer.RequestId + "\tcareful ", _stage.WaitForLine(line => line.Contains("careful", StringComparison.Ordinal)));
        Assert.Contains($"requestId={answer.RequestId}", _stage.WaitForLine(line => line.StartsWith("function_output: plain", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("function_output: [ERROR] ValueError: boom\rTraceback (most recent call last):\r  File ", _stage.WaitForLine(line => line.Contains("[ERROR]", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private LocalFunction Start(string body) =>
        _stage.With("index.py", $"import decimal, logging, sys\nclass Own(Exception):\n    pass\ndef handler(event, context):\n    {body}\n").Start(_stage.Options(LocalRuntime.Python));
}

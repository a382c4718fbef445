using System.Text.Json;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Lambda.Workers;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 2: the environment of a function's process.</summary>
public sealed class Lambda_2_Environment
{
    private static readonly LocalFunctionOptions s_options = new()
    {
        Name = "probe",
        Runtime = LocalRuntime.Nodejs,
        RuntimeIdentifier = "nodejs20.x",
        Handler = "index.handler",
        Code = "/srv/code",
        Region = "eu-west-1",
        MemoryMegabytes = 256,
    };

    [Fact]
    public void Has_the_reserved_variables()
    {
        Dictionary<string, string> made = Make(s_options);
        Assert.Equal("index.handler", made["_HANDLER"]);
        Assert.Equal("/srv/code", made["LAMBDA_TASK_ROOT"]);
        Assert.Equal("/run/loops", made["LAMBDA_RUNTIME_DIR"]);
        Assert.Equal("127.0.0.1:9001", made["AWS_LAMBDA_RUNTIME_API"]);
        Assert.Equal("probe", made["AWS_LAMBDA_FUNCTION_NAME"]);
        Assert.Equal("$LATEST", made["AWS_LAMBDA_FUNCTION_VERSION"]);
        Assert.Equal("256", made["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]);
        Assert.Equal("/aws/lambda/probe", made["AWS_LAMBDA_LOG_GROUP_NAME"]);
        Assert.Matches(@"^2026/03/04/\[\$LATEST\][0-9a-f]{32}$", made["AWS_LAMBDA_LOG_STREAM_NAME"]);
        Assert.Equal("on-demand", made["AWS_LAMBDA_INITIALIZATION_TYPE"]);
        Assert.Equal("eu-west-1", made["AWS_REGION"]);
        Assert.Equal("eu-west-1", made["AWS_DEFAULT_REGION"]);
        Assert.Equal("AWS_Lambda_nodejs20.x", made["AWS_EXECUTION_ENV"]);
        Assert.False(made.ContainsKey("_X_AMZN_TRACE_ID"));
        Assert.False(made.ContainsKey("_LAMBDA_TELEMETRY_LOG_FD"));
        Assert.False(made.ContainsKey("AWS_ACCESS_KEY_ID"));
    }

    [Fact]
    public void Has_the_unreserved_variables_which_a_function_may_define_otherwise()
    {
        Dictionary<string, string> made = Make(s_options);
        Assert.Equal("en_US.UTF-8", made["LANG"]);
        Assert.Equal(":UTC", made["TZ"]);
        Assert.Equal("/opt/node/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin", made["PATH"]);
        Assert.Equal("/lib64:/usr/lib64:/run/loops:/run/loops/lib:/srv/code:/srv/code/lib:/opt/lib", made["LD_LIBRARY_PATH"]);
        Assert.Equal("/opt/nodejs/node_modules:/run/loops/node_modules", made["NODE_PATH"]);
        Assert.Equal("LOG_ERROR", made["AWS_XRAY_CONTEXT_MISSING"]);
        Assert.Equal("/run/loops", Make(s_options with { Runtime = LocalRuntime.Python })["PYTHONPATH"]);

        Dictionary<string, string> own = Make(s_options with { Environment = new Dictionary<string, string> { ["TZ"] = "Europe/Berlin", ["AWS_DEFAULT_REGION"] = "us-west-2", ["COLOUR"] = "$PATH" } });
        Assert.Equal("Europe/Berlin", own["TZ"]);
        Assert.Equal("us-west-2", own["AWS_DEFAULT_REGION"]);
        Assert.Equal("$PATH", own["COLOUR"]);
    }

    [Fact]
    public void A_provided_runtime_is_not_told_an_execution_environment() =>
        Assert.False(Make(s_options with { Runtime = LocalRuntime.Provided, RuntimeIdentifier = "provided.al2023" }).ContainsKey("AWS_EXECUTION_ENV"));

    [Theory]
    [InlineData("_HANDLER")]
    [InlineData("AWS_REGION")]
    [InlineData("AWS_LAMBDA_RUNTIME_API")]
    [InlineData("X")]
    [InlineData("9LIVES")]
    [InlineData("WITH-HYPHEN")]
    [InlineData("")]
    public void A_function_may_not_define_reserved_or_malformed_names(string name) =>
        Assert.Contains("variable", (s_options with { Environment = new Dictionary<string, string> { [name] = "1" } }).ProblemOrNull(), StringComparison.Ordinal);

    [Theory]
    [InlineData(4092, null)]
    [InlineData(4093, "the variables have 4097 bytes together, 4096 are allowed")]
    public void The_variables_have_4_KB_together(int length, string? problem) =>
        Assert.Equal(problem, (s_options with { Environment = new Dictionary<string, string> { ["NAME"] = new('x', length) } }).ProblemOrNull());

    [Fact]
    public void A_process_has_those_variables_and_none_of_the_node_s_own()
    {
        Environment.SetEnvironmentVariable("EDGEPROXY_PROBE_SECRET", "1");
        using var stage = new FunctionStage();
        stage.With("index.js", "exports.handler = async () => Object.keys(process.env).sort();");
        FunctionAnswer answer = stage.Invoke(stage.Start(stage.Options(LocalRuntime.Nodejs) with { Environment = new Dictionary<string, string> { ["COLOUR"] = "red" } }), "{}");
        string[] names = [.. JsonDocument.Parse(answer.Body).RootElement.EnumerateArray().Select(name => name.GetString()!)];
        string[] expected =
        [
            "AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_XRAY_CONTEXT_MISSING", "COLOUR", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "LANG",
            "LD_LIBRARY_PATH", "NODE_PATH", "PATH", "TZ", "_HANDLER",
        ];
        Assert.Equal(expected, names);
    }

    [Fact]
    public void The_trace_header_is_a_variable_as_long_as_there_is_one()
    {
        foreach ((LocalRuntime runtime, string file, string code) in (ReadOnlySpan<(LocalRuntime, string, string)>)
            [
                (LocalRuntime.Nodejs, "index.js", "exports.handler = async () => process.env._X_AMZN_TRACE_ID ?? 'none';"),
                (LocalRuntime.Python, "index.py", "import os\ndef handler(event, context):\n    return os.environ.get('_X_AMZN_TRACE_ID', 'none')\n"),
            ])
        {
            using var stage = new FunctionStage();
            LocalFunction function = stage.With(file, code).Start(stage.Options(runtime));
            Assert.Equal("\"none\"", stage.Invoke(function, "{}").Body);
            Assert.Equal("\"Root=1-a\"", stage.Invoke(function, "{}", fill: call => call.Trace = "Root=1-a"u8.ToArray()).Body);
            Assert.Equal("\"none\"", stage.Invoke(function, "{}").Body);
        }
    }

    [Fact]
    public void An_exec_wrapper_is_started_with_the_runtime_s_command_line()
    {
        using var stage = new FunctionStage();
        stage.With("wrapper", "#!/bin/sh\nexport WRAPPED=\"$#\"\nexec \"$@\"\n", executable: true).With("index.js", "exports.handler = async () => process.env.WRAPPED;");
        LocalFunctionOptions options = stage.Options(LocalRuntime.Nodejs);
        options = options with { Environment = new Dictionary<string, string> { ["AWS_LAMBDA_EXEC_WRAPPER"] = $"{stage.Directory}/wrapper" } };
        Assert.Equal("\"3\"", stage.Invoke(stage.Start(options), "{}").Body);
    }

    private static Dictionary<string, string> Make(LocalFunctionOptions options) =>
        WorkerEnvironment.Make(options, new WorkerCommand("/opt/node/bin/node", [], "/opt/node/bin"), "127.0.0.1:9001", "/run/loops", new DateTime(2026, 3, 4, 0, 0, 0, DateTimeKind.Utc));
}

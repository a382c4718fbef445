using System.Globalization;
using System.Security.Cryptography;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Lambda.Workers;

/// <summary>The environment of a worker's process: what section 2 of lambda.md lists and nothing of the node's own.</summary>
internal static class WorkerEnvironment
{
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "_HANDLER", "_X_AMZN_TRACE_ID", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_REGION", "AWS_EXECUTION_ENV",
    };

    /// <summary>Whether a function may not define the variable. Credentials may be defined: that is how a function is given some.</summary>
    public static bool IsReserved(string name) => s_reserved.Contains(name);

    /// <summary>All variables of a process.</summary>
    /// <param name="options">The function.</param>
    /// <param name="command">What is started for it.</param>
    /// <param name="runtimeApi">Host and port of its Runtime API.</param>
    /// <param name="runtimeDirectory">Where the loops that EdgeProxy carries are.</param>
    /// <param name="today">For the name of the log stream.</param>
    public static Dictionary<string, string> Make(LocalFunctionOptions options, WorkerCommand command, string runtimeApi, string runtimeDirectory, DateTime today)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        AddDefaults(variables, options, command, runtimeDirectory);
        foreach ((string name, string value) in options.Environment) variables[name] = value;
        variables["_HANDLER"] = options.Handler;
        variables["LAMBDA_TASK_ROOT"] = options.Code;
        variables["LAMBDA_RUNTIME_DIR"] = runtimeDirectory;
        variables["AWS_LAMBDA_RUNTIME_API"] = runtimeApi;
        variables["AWS_LAMBDA_FUNCTION_NAME"] = options.Name;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = options.Version;
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = options.MemoryMegabytes.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{options.Name}";
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = string.Create(CultureInfo.InvariantCulture, $"{today:yyyy/MM/dd}/[{options.Version}]{RandomNumberGenerator.GetHexString(32, lowercase: true)}");
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = options.MinimumWorkers > 0 ? "provisioned-concurrency" : "on-demand";
        variables["AWS_REGION"] = options.Region;
        if (options.Runtime is not LocalRuntime.Provided && options.RuntimeIdentifier.Length > 0) variables["AWS_EXECUTION_ENV"] = $"AWS_Lambda_{options.RuntimeIdentifier}";
        return variables;
    }

    // What a function may define otherwise.
    private static void AddDefaults(Dictionary<string, string> variables, LocalFunctionOptions options, WorkerCommand command, string runtimeDirectory)
    {
        string task = options.Code;
        variables["AWS_DEFAULT_REGION"] = options.Region;
        variables["LANG"] = "en_US.UTF-8";
        variables["TZ"] = ":UTC";
        variables["PATH"] = command.Directory is null ? "/usr/local/bin:/usr/bin/:/bin:/opt/bin" : $"{command.Directory}:/usr/local/bin:/usr/bin/:/bin:/opt/bin";
        variables["LD_LIBRARY_PATH"] = $"/lib64:/usr/lib64:{runtimeDirectory}:{runtimeDirectory}/lib:{task}:{task}/lib:/opt/lib";
        variables["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR";
        if (options.Runtime == LocalRuntime.Nodejs) variables["NODE_PATH"] = $"/opt/nodejs/node_modules:{runtimeDirectory}/node_modules";
        if (options.Runtime == LocalRuntime.Python) variables["PYTHONPATH"] = runtimeDirectory;
    }
}

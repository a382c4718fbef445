using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Lambda.Workers;

/// <summary>What is started for a function.</summary>
/// <param name="Executable">An absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Directory">The directory of the language's executable, which comes first in <c>PATH</c>; null for none.</param>
internal sealed record WorkerCommand(string Executable, IReadOnlyList<string> Arguments, string? Directory)
{
    private const string Wrapper = "AWS_LAMBDA_EXEC_WRAPPER";

    /// <summary>Finds the executable; what is wrong is a failure that callers are told of (specification lambda.md 7, 10).</summary>
    /// <param name="options">The function.</param>
    /// <param name="loops">The loops that EdgeProxy carries.</param>
    /// <param name="path">The node's own <c>PATH</c>, for languages.</param>
    /// <param name="failure">What is wrong.</param>
    public static WorkerCommand? FindOrNull(LocalFunctionOptions options, RuntimeLoops loops, string path, out WorkerFailure failure)
    {
        failure = new WorkerFailure("Runtime.InvalidEntrypoint", "");
        switch (options.Runtime)
        {
            case LocalRuntime.Provided:
                string own = Path.Combine(options.Code, "bootstrap");
                foreach (string candidate in (ReadOnlySpan<string>)[own, "/opt/bootstrap"])
                {
                    if (IsExecutable(candidate)) return new WorkerCommand(candidate, [], null);
                }

                failure = failure with { What = $"Couldn't find valid bootstrap(s): [{own} /opt/bootstrap]" };
                return null;

            case LocalRuntime.Nodejs:
                return WithLanguage(options, options.NodeCommand, [loops.Node, options.Handler], path, ref failure);

            case LocalRuntime.Python:
                return WithLanguage(options, options.PythonCommand, ["-u", loops.Python, options.Handler], path, ref failure);

            default:
                return WithLanguage(options, options.Command[0], [.. options.Command.Skip(1)], path, ref failure);
        }
    }

    private static WorkerCommand? WithLanguage(LocalFunctionOptions options, string executable, IReadOnlyList<string> arguments, string path, ref WorkerFailure failure)
    {
        string? found = executable.Contains('/', StringComparison.Ordinal)
            ? Path.GetFullPath(executable, options.Code)
            : path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(directory => Path.Combine(directory, executable)).FirstOrDefault(IsExecutable);
        if (found is null || !IsExecutable(found) || !System.IO.Directory.Exists(options.Code))
        {
            failure = failure with { What = $"Couldn't find valid bootstrap(s): [{found ?? executable}]" };
            return null;
        }

        string directory = Path.GetDirectoryName(found)!;
        if (!options.Environment.TryGetValue(Wrapper, out string? wrapper)) return new WorkerCommand(found, arguments, directory);
        if (IsExecutable(wrapper)) return new WorkerCommand(wrapper, [found, .. arguments], directory);
        failure = failure with { What = $"Couldn't find valid bootstrap(s): [{wrapper}]" };
        return null;
    }

    private static bool IsExecutable(string path) => File.Exists(path) && Native.MayExecute(path);
}

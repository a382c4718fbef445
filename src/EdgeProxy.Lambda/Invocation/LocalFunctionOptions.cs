using System.Text;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>A function that this node runs itself, as configured. Equal by value, so that a reload can tell what changed.</summary>
public sealed record LocalFunctionOptions
{
    /// <summary>Bytes that the variables of a function may have together: names and values (specification lambda.md 2).</summary>
    public const int MaximumEnvironment = 4096;

    /// <summary>The function's own name: what its ARN ends with.</summary>
    public required string Name { get; init; }

    /// <summary>Region of the ARN that the function is told, where the caller's name has none.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Account of the ARN that the function is told, where the caller's name has none.</summary>
    public string Account { get; init; } = "000000000000";

    /// <summary>The version that the function is told.</summary>
    public string Version { get; init; } = "$LATEST";

    public required LocalRuntime Runtime { get; init; }

    /// <summary>The runtime's identifier, such as <c>nodejs20.x</c>, for <c>AWS_EXECUTION_ENV</c>; empty for none. Not told to provided runtimes.</summary>
    public string RuntimeIdentifier { get; init; } = "";

    /// <summary><c>_HANDLER</c>; free text for provided runtimes.</summary>
    public string Handler { get; init; } = "";

    /// <summary>The code directory, absolute: <c>LAMBDA_TASK_ROOT</c> and working directory.</summary>
    public required string Code { get; init; }

    /// <summary>Another one for another content of the code directory; 0 where nobody looked.</summary>
    public long CodeStamp { get; init; }

    /// <summary>The command line of <see cref="LocalRuntime.Command"/>: an executable and its arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The Node.js executable: a path, or a name to be found in <c>PATH</c>.</summary>
    public string NodeCommand { get; init; } = "node";

    /// <summary>The Python executable: a path, or a name to be found in <c>PATH</c>.</summary>
    public string PythonCommand { get; init; } = "python3";

    /// <summary>The function's time-out, from its event to the next poll: 1 to 900 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>From a worker's start to its first poll; then it is started again.</summary>
    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the function is told of its memory, in MB. Advisory: nothing holds it to that.</summary>
    public int MemoryMegabytes { get; init; } = 128;

    /// <summary>Variables of the function; see <see cref="ProblemOrNull"/> for what may be among them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Workers that are kept, and started without being asked for.</summary>
    public int MinimumWorkers { get; init; }

    /// <summary>Most workers at once: how many invocations run at a time.</summary>
    public int MaximumWorkers { get; init; } = 16;

    /// <summary>Most events that a worker whose loop is ours is given at once, to be served one after the other; 1 for never more than one.</summary>
    public int Ahead { get; init; } = 16;

    /// <summary>How long a worker beyond <see cref="MinimumWorkers"/> may have nothing to do.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Invocations that may wait for a worker, beside those that one is being started for.</summary>
    public int QueueLength { get; init; } = 1000;

    /// <summary>How long an invocation may wait for a worker.</summary>
    public TimeSpan QueueWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes of a streamed result (specification lambda.md 4).</summary>
    public long StreamLimit { get; init; } = 200L << 20;

    /// <summary>From SIGTERM to SIGKILL.</summary>
    public TimeSpan KillDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>What is wrong with these options, in words for the operator; null when nothing is.</summary>
    public string? ProblemOrNull()
    {
        if (!Path.IsPathRooted(Code)) return $"the code directory {Code} is not absolute";
        if (Runtime is LocalRuntime.Nodejs or LocalRuntime.Python && Handler.Length == 0) return "a handler is needed";
        if (Runtime == LocalRuntime.Command && Command.Count == 0) return "a command is needed";
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromSeconds(900)) return "the time-out is 1 to 900 s";
        if (MaximumWorkers < 1) return "at least one worker must be allowed";
        if (MinimumWorkers < 0 || MinimumWorkers > MaximumWorkers) return "the least number of workers is 0 to the most";
        if (Ahead < 1) return "a worker is given at least one event";
        if (QueueLength < 0) return "the length of the queue is 0 or more";
        return EnvironmentProblemOrNull();
    }

    public bool Equals(LocalFunctionOptions? other) => other is not null
        && (Name, Region, Account, Version) == (other.Name, other.Region, other.Account, other.Version)
        && (Runtime, RuntimeIdentifier, Handler, Code) == (other.Runtime, other.RuntimeIdentifier, other.Handler, other.Code)
        && CodeStamp == other.CodeStamp
        && (NodeCommand, PythonCommand, Timeout, InitTimeout) == (other.NodeCommand, other.PythonCommand, other.Timeout, other.InitTimeout)
        && (MemoryMegabytes, MinimumWorkers, MaximumWorkers, IdleTimeout) == (other.MemoryMegabytes, other.MinimumWorkers, other.MaximumWorkers, other.IdleTimeout)
        && (QueueLength, QueueWait, StreamLimit, KillDelay, Ahead) == (other.QueueLength, other.QueueWait, other.StreamLimit, other.KillDelay, other.Ahead)
        && Command.SequenceEqual(other.Command)
        && Environment.Count == other.Environment.Count
        && Environment.All(pair => other.Environment.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    public override int GetHashCode() => HashCode.Combine(Name, Runtime, Handler, Code, Timeout, Environment.Count);

    private string? EnvironmentProblemOrNull()
    {
        int bytes = 0;
        foreach ((string name, string value) in Environment)
        {
            if (!IsVariableName(name)) return $"the variable {name} is not named as variables are: a letter, then letters, digits and underscores, two characters at least";
            if (Workers.WorkerEnvironment.IsReserved(name)) return $"the variable {name} is reserved";
            if (value.Contains('\0', StringComparison.Ordinal)) return $"the variable {name} holds a NUL character";
            bytes += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        }

        return bytes > MaximumEnvironment ? $"the variables have {bytes} bytes together, {MaximumEnvironment} are allowed" : null;
    }

    private static bool IsVariableName(string name)
    {
        foreach (char character in name)
        {
            if (character != '_' && !char.IsAsciiLetterOrDigit(character)) return false;
        }

        return name.Length >= 2 && char.IsAsciiLetter(name[0]);
    }
}

using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>Functions as configured, looked at, and none of them started.</summary>
/// <param name="Settings">What they were made of.</param>
/// <param name="Local">Those that this node runs, and their patterns.</param>
/// <param name="Elsewhere">Those that run elsewhere.</param>
internal sealed record LoadedFunctions(LambdaSettings Settings, IReadOnlyList<(FunctionPattern Pattern, LocalFunctionOptions Options)> Local, IReadOnlyList<FunctionTarget> Elsewhere)
{
    /// <summary>Whether a function has a target.</summary>
    public bool Takes(FunctionName function) => Local.Any(local => local.Pattern.Takes(function)) || Elsewhere.Any(target => target.Pattern.Takes(function));

    /// <summary>The table, with local functions that run.</summary>
    /// <param name="running">In the order of <see cref="Local"/>.</param>
    public FunctionTable Table(IReadOnlyList<LocalFunction> running) => new(
        [.. Local.Select((local, index) => new LocalTarget(local.Pattern, running[index])), .. Elsewhere],
        Settings.Limits)
    {
        Region = Settings.Region,
        Account = Settings.Account,
    };
}

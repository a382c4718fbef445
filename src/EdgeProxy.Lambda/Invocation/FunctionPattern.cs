using System.Diagnostics.CodeAnalysis;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>Which functions a target takes: all, those of a name wherever they are said to run, or the one of an ARN.</summary>
/// <param name="Text">As configured.</param>
/// <param name="Name">Null for all.</param>
public sealed record FunctionPattern(string Text, FunctionName? Name)
{
    /// <summary>Every function.</summary>
    public static FunctionPattern Any { get; } = new("*", null);

    /// <summary>Reads <c>*</c>, a name or an ARN.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FunctionPattern? pattern)
    {
        pattern = text == "*" ? Any : FunctionName.TryParse(text, out FunctionName? name) ? new FunctionPattern(text, name) : null;
        return pattern is not null;
    }

    /// <summary>Whether it takes a function. What it says nothing of (region, account, qualifier) may be anything.</summary>
    public bool Takes(FunctionName function) => Name is not { } name
        || (name.Name == function.Name && Agrees(name.Partition, function.Partition) && Agrees(name.Region, function.Region)
            && Agrees(name.Account, function.Account) && (name.Qualifier.Length == 0 || name.Qualifier == function.Qualifier));

    // A caller that leaves a part out means the node's own, whatever that is.
    private static bool Agrees(string own, string asked) => own.Length == 0 || asked.Length == 0 || own == asked;
}

namespace EdgeProxy.Lambda.Invocation;

/// <summary>Where each function is called: what <c>lambda.functions</c> says. Immutable; a reload swaps it.</summary>
public sealed class FunctionTable
{
    private readonly FunctionTarget[] _targets;

    /// <param name="targets">In the order of the settings.</param>
    /// <param name="limits">Of all calls.</param>
    public FunctionTable(IEnumerable<FunctionTarget> targets, FunctionLimits? limits = null)
    {
        // By kind first, and then as written: the sort is stable.
        _targets = [.. targets.OrderBy(static target => target.Kind)];
        Limits = limits ?? new FunctionLimits();
    }

    /// <summary>The table of a node without functions.</summary>
    public static FunctionTable Empty { get; } = new([]);

    public FunctionLimits Limits { get; }

    /// <summary>Region of functions that are called by a bare name (setting <c>lambda.region</c>).</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Account of functions that are called by a bare name (setting <c>lambda.account</c>).</summary>
    public string Account { get; init; } = "000000000000";

    /// <summary>All targets, in the order in which they are asked.</summary>
    public IReadOnlyList<FunctionTarget> Targets => _targets;

    /// <summary>Whether a function has a target, so that a call of it can come to anything.</summary>
    public bool Takes(FunctionName function) => FindOrNull(function) is not null;

    /// <summary>The target of a function: the first that takes it; null when none does.</summary>
    public FunctionTarget? FindOrNull(FunctionName function) => Array.Find(_targets, target => target.Pattern.Takes(function));

    /// <summary>The function with region and account filled in, as ARNs that are shown have them.</summary>
    public FunctionName Complete(FunctionName function) => function with
    {
        Partition = function.Partition.Length > 0 ? function.Partition : "aws",
        Region = function.Region.Length > 0 ? function.Region : Region,
        Account = function.Account.Length > 0 ? function.Account : Account,
    };
}

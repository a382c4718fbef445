namespace EdgeProxy.Lambda.Invocation;

/// <summary>Where functions of some name are called. Immutable; shared by all loops.</summary>
public abstract class FunctionTarget
{
    private protected FunctionTarget(FunctionPattern pattern, FunctionTargetKind kind)
    {
        Pattern = pattern;
        Kind = kind;
    }

    /// <summary>Which functions it takes.</summary>
    public FunctionPattern Pattern { get; }

    public FunctionTargetKind Kind { get; }

    /// <summary>What one loop keeps for calls of one function.</summary>
    /// <param name="function">The function as it is called.</param>
    /// <param name="clients">The loop's.</param>
    internal abstract FunctionBinding Bind(FunctionName function, FunctionClients clients);
}

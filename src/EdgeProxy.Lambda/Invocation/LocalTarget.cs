namespace EdgeProxy.Lambda.Invocation;

/// <summary>A function that this node runs itself.</summary>
public sealed class LocalTarget : FunctionTarget
{
    private readonly LocalFunction _function;

    /// <param name="pattern">Which function.</param>
    /// <param name="function">Its workers.</param>
    public LocalTarget(FunctionPattern pattern, LocalFunction function)
        : base(pattern, FunctionTargetKind.Local)
    {
        _function = function;
    }

    internal override FunctionBinding Bind(FunctionName function, FunctionClients clients) => new LocalBinding(clients, _function, function);

    private sealed class LocalBinding(FunctionClients clients, LocalFunction function, FunctionName name) : FunctionBinding
    {
        public override FunctionCall Rent() => function.Rent(clients.Loop, name);
    }
}

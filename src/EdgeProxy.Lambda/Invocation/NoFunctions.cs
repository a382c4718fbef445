namespace EdgeProxy.Lambda.Invocation;

/// <summary>The client of a node that has no functions: no name is taken.</summary>
public sealed class NoFunctions : IFunctionClient
{
    public static NoFunctions Instance { get; } = new();

    public FunctionCall? RentOrNull(FunctionName function) => null;
}

namespace EdgeProxy.Lambda.Invocation;

/// <summary>Invokes functions from one loop, whichever way the configuration resolves their names (specification lambda.md 16, "functions by name").</summary>
public interface IFunctionClient
{
    /// <summary>A call to a function.</summary>
    /// <param name="function">The function as an integration names it, equal by value; callers keep one object a route.</param>
    /// <returns>Null when no target takes that name.</returns>
    FunctionCall? RentOrNull(FunctionName function);
}

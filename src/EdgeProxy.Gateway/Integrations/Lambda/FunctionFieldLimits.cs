namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>How many fields the result of a function may have.</summary>
/// <param name="Bytes">Most bytes of their names and values (<c>limits.functionHeaderBytes</c>).</param>
/// <param name="Count">Most fields (<c>limits.functionHeaderCount</c>).</param>
internal readonly record struct FunctionFieldLimits(int Bytes, int Count)
{
    public static FunctionFieldLimits Default => new(64 * 1024, 1000);
}

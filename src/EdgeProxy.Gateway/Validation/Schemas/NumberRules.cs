namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>The keywords that look at numbers (draft 4, 5.1).</summary>
internal sealed class NumberRules
{
    public NumberBound? Minimum { get; init; }

    public NumberBound? Maximum { get; init; }

    public NumberDivisor? MultipleOf { get; init; }
}

using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Stands in for the functions of a loop: every name is taken, and none is invoked.</summary>
internal sealed class StandInFunctions : IFunctionClient
{
    /// <summary>What calls answer; null when they are to end there.</summary>
    public ExplainAnswer? Answer { get; set; }

    public FunctionCall? RentOrNull(FunctionName function) => new StandInFunctionCall(function, Answer);
}

using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Stands in for the functions of a loop: every name is taken, and none is invoked.</summary>
internal sealed class StandInFunctions : IFunctionClient
{
    /// <summary>What calls answer; null when they are to end there.</summary>
    public ExplainAnswer? Answer { get; set; }

    /// <summary>The last call; null when there was none since <see cref="Forget"/>.</summary>
    public StandInFunctionCall? Last { get; private set; }

    /// <summary>Forgets the last call.</summary>
    public void Forget() => Last = null;

    public FunctionCall? RentOrNull(FunctionName function) => Last = new StandInFunctionCall(function, Answer);
}

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>What a phase decided.</summary>
public enum ExplainedOutcome
{
    /// <summary>The next phase runs.</summary>
    Continue,

    /// <summary>The answer is complete.</summary>
    Answer,

    /// <summary>The request failed.</summary>
    Fault,

    /// <summary>The integration would be called here, and no answer of it was given.</summary>
    Call,
}

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>How an explanation ended.</summary>
public enum ExplainedEnd
{
    /// <summary>With the response that the client would get.</summary>
    Answered,

    /// <summary>Where the integration would be called: no answer of it was given.</summary>
    AtIntegration,

    /// <summary>Before any phase: the listener refuses such bytes.</summary>
    RefusedByListener,

    /// <summary>The connection would be cut without a response.</summary>
    Cut,

    /// <summary>The walk waits for something that a rehearsal does not have.</summary>
    Waiting,
}

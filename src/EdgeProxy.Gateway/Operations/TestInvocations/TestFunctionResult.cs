namespace EdgeProxy.Gateway.Operations.TestInvocations;

/// <summary>What came of calling a function outside of any walk.</summary>
public sealed class TestFunctionResult
{
    /// <summary>Where the call would go in the service; empty when it is none.</summary>
    public string Uri { get; init; } = "";

    /// <summary>Why there was no result: in the words of an execution log; null when there was one.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the function itself failed, and <see cref="Body"/> is its error document.</summary>
    public bool IsFunctionError { get; init; }

    /// <summary>The status of the call; 0 when nothing answered.</summary>
    public int Status { get; init; }

    public byte[] Body { get; init; } = [];

    /// <summary>Whether the result was given up because it was too large.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>How long the function took, in milliseconds.</summary>
    public long Latency { get; init; }
}

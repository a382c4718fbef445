namespace EdgeProxy.Gateway.Operations.TestInvocations;

/// <summary>What came of a test invocation.</summary>
public sealed class TestInvokeResult
{
    /// <summary>What is wrong with the request, for whoever wrote it, so that it was not even begun; null when it was.</summary>
    public string? Problem { get; init; }

    public int Status { get; init; }

    /// <summary>The answer's fields in their order, without those that only name the request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>Whether the body was longer than what is shown of it.</summary>
    public bool IsCut { get; init; }

    /// <summary>The execution log.</summary>
    public string Log { get; init; } = "";

    /// <summary>Milliseconds from the beginning to the answer.</summary>
    public long Latency { get; init; }
}

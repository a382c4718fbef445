namespace EdgeProxy.Gateway.Operations.TestInvocations;

/// <summary>What a test invocation sends (control-plane.md 3.9).</summary>
public sealed class TestInvokeRequest
{
    /// <summary>Upper case; a verb a client may use, never <c>ANY</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>The path, raw; it need not be one of the resource's.</summary>
    public required string Path { get; init; }

    /// <summary>The query, raw, without the question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>The fields, in their order; of those that come twice each.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];
}

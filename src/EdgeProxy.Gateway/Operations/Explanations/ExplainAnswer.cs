namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>What an integration is taken to have answered: a backend's response, or the result of a function.</summary>
public sealed record ExplainAnswer
{
    /// <summary>The status; of a function, the Invoke API's own, which is 200 for whatever the function gave back.</summary>
    public int Status { get; init; } = 200;

    /// <summary>A backend's fields in order; the length of the body is worked out. A function has none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>Whether the function failed, <see cref="Body"/> being its error document. Backends cannot.</summary>
    public bool IsFunctionError { get; init; }
}

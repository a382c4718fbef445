namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>A message as it came, or would go out.</summary>
public sealed record ExplainedMessage
{
    /// <summary>For a request: its method, or how a function is invoked.</summary>
    public string? Method { get; init; }

    /// <summary>For a request: target, URL or the name of the function.</summary>
    public string? Url { get; init; }

    /// <summary>For a response; else 0.</summary>
    public int Status { get; init; }

    /// <summary>Fields in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body as far as it is told: text, or base64 when it is none.</summary>
    public string Body { get; init; } = "";

    /// <summary>Whether <see cref="Body"/> is base64.</summary>
    public bool IsBase64 { get; init; }

    /// <summary>Bytes of the whole body.</summary>
    public long BodyBytes { get; init; }

    /// <summary>Whether <see cref="Body"/> is only the beginning.</summary>
    public bool IsCut { get; init; }
}

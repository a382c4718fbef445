namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>A request to be explained, as whoever asks has written it.</summary>
public sealed record ExplainRequest
{
    /// <summary>The address that requests come from unless another is given: that of a client on the same machine.</summary>
    public const string DefaultSourceIp = "127.0.0.1";

    public required string Method { get; init; }

    /// <summary>Path and query as they would stand in the request line; an absolute URL names the host as well.</summary>
    public required string Target { get; init; }

    /// <summary>What Host says; null for the target's own or, failing that, <c>localhost</c>.</summary>
    public string? Host { get; init; }

    /// <summary>Fields in order. Those that frame the message (Content-Length, Transfer-Encoding) are worked out from <see cref="Body"/> instead.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The address it comes from.</summary>
    public string SourceIp { get; init; } = DefaultSourceIp;

    /// <summary>What the integration is taken to answer; null to end where it would be called.</summary>
    public ExplainAnswer? Answer { get; init; }

    /// <summary>Whether values of fields and parameters that hold secrets are told as they are.</summary>
    public bool ShowsSecrets { get; init; }
}

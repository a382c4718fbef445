using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>An event and what a runtime is told beside it.</summary>
internal readonly ref struct InvocationFacts
{
    public required BodyChunk Event { get; init; }

    /// <summary>36 characters.</summary>
    public required ReadOnlySpan<byte> RequestId { get; init; }

    /// <summary>The ARN as invoked.</summary>
    public required ReadOnlyMemory<byte> Arn { get; init; }

    /// <summary>Empty for none.</summary>
    public ReadOnlyMemory<byte> Trace { get; init; }

    /// <summary>JSON text, not base64; empty for none.</summary>
    public ReadOnlyMemory<byte> ClientContext { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long Deadline { get; init; }

    public bool Streams { get; init; }
}

namespace EdgeProxy.Settings;

/// <summary>How long things may take, in nanoseconds.</summary>
internal sealed record TimeoutSettings
{
    /// <summary>For a whole TLS handshake.</summary>
    public required long Handshake { get; init; }

    public required long Headers { get; init; }

    public required long Body { get; init; }

    /// <summary>Bytes per second; 0 asks for none.</summary>
    public required long BodyMinRate { get; init; }

    public required long BodyMinRateGrace { get; init; }

    public required long Idle { get; init; }

    public required long Write { get; init; }

    public required long Connect { get; init; }

    /// <summary>For a gRPC call without a byte either way.</summary>
    public required long Stream { get; init; }

    public required long StreamedAnswer { get; init; }

    public required long Integration { get; init; }
}

namespace EdgeProxy.Transport.Tls;

/// <summary>Limits of handshakes with clients.</summary>
public sealed record TlsOptions
{
    /// <summary>Longest handshake in nanoseconds, from the first byte we wait for on (setting <c>timeouts.handshake</c>).</summary>
    public long HandshakeTimeout { get; init; } = 10_000_000_000;

    /// <summary>Handshakes one loop may have under way (setting <c>tls.maxHandshakes</c>).</summary>
    public int MaxHandshakes { get; init; } = 1000;
}

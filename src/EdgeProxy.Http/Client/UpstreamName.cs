using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Client;

/// <summary>Names an upstream: where to connect to and what to speak there. Equal names share one pool per loop.</summary>
/// <param name="Host">Lower-case name or address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Protocol">Which version of HTTP to speak.</param>
/// <param name="Tls">How to speak TLS to it; null for not at all.</param>
public sealed record UpstreamName(string Host, int Port, UpstreamProtocol Protocol = UpstreamProtocol.Http1, UpstreamTls? Tls = null)
{
    public bool IsTls => Tls is not null;

    /// <summary>As a URL without a path, for logs and metrics.</summary>
    public override string ToString() => $"{(IsTls ? "https" : "http")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}

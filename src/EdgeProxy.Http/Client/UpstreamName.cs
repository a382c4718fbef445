namespace EdgeProxy.Http.Client;

/// <summary>Names an upstream: where to connect to. Equal names share one pool per loop.</summary>
/// <param name="Host">Lower-case name or address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="IsTls">Whether to speak TLS to it.</param>
public sealed record UpstreamName(string Host, int Port, bool IsTls)
{
    /// <summary>As a URL without a path, for logs and metrics.</summary>
    public override string ToString() => $"{(IsTls ? "https" : "http")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}

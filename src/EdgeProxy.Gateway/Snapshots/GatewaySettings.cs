using EdgeProxy.Core.Text;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The node's settings that requests depend on; replaced together with the host table.</summary>
internal sealed class GatewaySettings
{
    public static GatewaySettings Default { get; } = new();

    /// <summary>Addresses whose <c>X-Forwarded-*</c> fields are believed (<c>trustedProxies</c>).</summary>
    public CidrSet TrustedProxies { get; init; } = CidrSet.Empty;

    /// <summary><c>paths.dotSegments</c>.</summary>
    public DotSegments DotSegments { get; init; } = DotSegments.Reject;

    /// <summary>
    /// Refuse a request with a field whose name differs from another's only in <c>_</c> for <c>-</c> (<c>headers.rejectUnderscore</c>); otherwise
    /// the one with the underscore is dropped.
    /// </summary>
    public bool RejectUnderscore { get; init; }

    /// <summary>Largest response body from a backend in bytes, -1 for none (<c>limits.responseBody</c>). The service's own limit is the default.</summary>
    public long ResponseBodyLimit { get; init; } = 10 * 1024 * 1024;
}

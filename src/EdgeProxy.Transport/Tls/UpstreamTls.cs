namespace EdgeProxy.Transport.Tls;

/// <summary>How to speak TLS to an upstream. Equal ones share connections and sessions.</summary>
public sealed record UpstreamTls
{
    private static readonly SharedUpstreamTls s_shared = new();

    /// <summary>The system's authorities, the upstream's own name, no certificate of ours.</summary>
    public static UpstreamTls Default { get; } = new();

    /// <summary>The one object that stands for all that are equal to it, for as long as anybody has it: what belongs to settings then lives as long as the last plan with them. Any thread.</summary>
    public static UpstreamTls Shared(UpstreamTls settings) => s_shared.OneOf(settings);

    /// <summary>Whether a certificate of any authority, or of none, is accepted (<c>tlsConfig.insecureSkipVerification</c>).</summary>
    public bool InsecureSkipVerification { get; init; }

    /// <summary>PEM file of the authorities to trust instead of the system's; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of the certificate we show, its chain behind it; null to show none.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file of its key; null when it stands in <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>The name to ask for and to verify; null for the upstream's host.</summary>
    public string? ServerName { get; init; }
}

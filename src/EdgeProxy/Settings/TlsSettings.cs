using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>TLS of the listeners. Times in nanoseconds.</summary>
internal sealed record TlsSettings
{
    /// <summary>Those named one by one.</summary>
    public IReadOnlyList<CertificateSettings> Certificates { get; init; } = [];

    /// <summary>A folder of more of them; null for none.</summary>
    public string? CertificatesFolder { get; init; }

    /// <summary>Where <see cref="CertificatesFolder"/> is configured.</summary>
    public Origin? FolderOrigin { get; init; }

    /// <summary>The name whose certificate clients get that name no host, or one that no certificate covers; null to refuse them.</summary>
    public string? DefaultCertificate { get; init; }

    /// <summary>Where <see cref="DefaultCertificate"/> is configured.</summary>
    public Origin? DefaultOrigin { get; init; }

    public required string SecurityPolicy { get; init; }

    /// <summary>Where <see cref="SecurityPolicy"/> is configured.</summary>
    public Origin? PolicyOrigin { get; init; }

    /// <summary>Whether policies for post-quantum key exchange are refused by a build that has none.</summary>
    public required bool RequirePq { get; init; }

    public required long TicketRotation { get; init; }

    public required int MaxHandshakes { get; init; }

    /// <summary>Whether a certificate is made at start, for trying out.</summary>
    public bool SelfSigned { get; init; }
}

using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>TLS to upstreams.</summary>
/// <param name="CaFile">Full path of the PEM bundle that their certificates must chain to; null for the system's.</param>
/// <param name="CaOrigin">Where it is configured.</param>
/// <param name="ClientCertificates">What is shown to those that ask.</param>
internal sealed record UpstreamTlsSettings(string? CaFile, Origin? CaOrigin, IReadOnlyList<ClientCertificateSettings> ClientCertificates);

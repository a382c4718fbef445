using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>A certificate and its key, in files.</summary>
/// <param name="Certificate">Full path of the PEM chain, the leaf first.</param>
/// <param name="Key">Full path of the PEM key.</param>
/// <param name="Ocsp">Full path of a DER response to staple; null for none.</param>
/// <param name="Arn">By which domains and imported definitions name it; null for none.</param>
/// <param name="Origin">Where it is configured; null when it was found in the folder.</param>
internal sealed record CertificateSettings(string Certificate, string Key, string? Ocsp, string? Arn, Origin? Origin);

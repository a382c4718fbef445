using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>A certificate that is shown to upstreams that ask for one.</summary>
/// <param name="Id">By which a stage names it (<c>clientCertificateId</c>).</param>
/// <param name="Certificate">Full path of the PEM chain, the leaf first.</param>
/// <param name="Key">Full path of the PEM key.</param>
/// <param name="Origin">Where it is configured.</param>
internal sealed record ClientCertificateSettings(string Id, string Certificate, string Key, Origin? Origin);

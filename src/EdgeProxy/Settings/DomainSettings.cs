using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>A custom domain name.</summary>
/// <param name="Definition">What the gateway has to know of it.</param>
/// <param name="Certificate">Its own certificate; null where one of the node's is to be found by name.</param>
internal sealed record DomainSettings(DomainDefinition Definition, CertificateSettings? Certificate);

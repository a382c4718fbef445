using EdgeProxy.Http.Client;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Settings;

/// <summary>An Invoke endpoint.</summary>
/// <param name="Url">Its URL; null for the one that AWS has in each region.</param>
/// <param name="Region">The region to sign for whatever an ARN says; null for the ARN's own.</param>
/// <param name="Credentials">Who signs.</param>
/// <param name="Protocol">Which version of HTTP to speak.</param>
/// <param name="Tls">How to speak TLS to it.</param>
internal sealed record FunctionEndpointSettings(string? Url, string? Region, CredentialSettings Credentials, UpstreamProtocol Protocol, UpstreamTls Tls);

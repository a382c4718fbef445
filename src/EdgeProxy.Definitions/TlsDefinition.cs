namespace EdgeProxy.Definitions;

/// <summary><c>tlsConfig</c> of an integration.</summary>
/// <param name="InsecureSkipVerification">True to accept a certificate of any authority; expiry and name are still checked.</param>
/// <param name="ServerNameToVerify">Name to verify and to send as SNI instead of the host (HTTP APIs); null for the host.</param>
/// <param name="Origin">The object.</param>
public sealed record TlsDefinition(bool InsecureSkipVerification, string? ServerNameToVerify, Origin? Origin);

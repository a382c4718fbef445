using EdgeProxy.ControlPlane.Records;

namespace EdgeProxy.ControlPlane.Management.Domains;

/// <summary>A domain name with the scope it is in.</summary>
/// <param name="Scope">Where what belongs to it is.</param>
/// <param name="Record">The domain name.</param>
internal sealed record DomainEntry(string Scope, Record Record);

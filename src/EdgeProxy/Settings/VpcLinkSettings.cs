namespace EdgeProxy.Settings;

/// <summary>A VPC link by the id that integrations name it with.</summary>
/// <param name="Id">As <c>connectionId</c> or <c>integrationTarget</c> has it.</param>
/// <param name="Host">Lower-case name or address; an IPv6 address without brackets.</param>
/// <param name="Port">Null for the port of each integration's URI.</param>
internal sealed record VpcLinkSettings(string Id, string Host, int? Port);

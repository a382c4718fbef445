namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>The formats that are enforced (rest-api.md 7); others say nothing.</summary>
internal enum StringFormat : byte
{
    None,
    DateTime,
    Email,
    Hostname,
    Ipv4,
    Ipv6,
    Uri,
    Regex,
}

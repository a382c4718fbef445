namespace EdgeProxy.Gateway.Snapshots;

/// <summary>Where a mapped value goes.</summary>
internal enum MappingTarget : byte
{
    Header,
    QueryString,
    Path,
}

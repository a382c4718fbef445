namespace EdgeProxy.Core.Json;

/// <summary>Why bytes could not be read as JSON.</summary>
public enum JsonFault : byte
{
    None,

    /// <summary>They are no JSON text (RFC 8259) in UTF-8.</summary>
    Malformed,

    /// <summary>Containers nest deeper than the limit.</summary>
    TooDeep,

    /// <summary>More values and names than the limit.</summary>
    TooMany,
}

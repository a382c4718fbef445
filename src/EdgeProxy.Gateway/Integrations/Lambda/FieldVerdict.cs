namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>What became of the fields in a function's result.</summary>
internal enum FieldVerdict : byte
{
    Added,

    /// <summary>One cannot be a field.</summary>
    Malformed,

    /// <summary>There are more than <c>limits.functionHeaderCount</c>.</summary>
    TooMany,

    /// <summary>They are longer than <c>limits.functionHeaderBytes</c>.</summary>
    TooLarge,
}

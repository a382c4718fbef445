namespace EdgeProxy.Gateway.Caching;

/// <summary>What is known of a stored answer without looking at its fields.</summary>
[Flags]
internal enum StoredFlags : ushort
{
    None,

    /// <summary>Replies tell their trace.</summary>
    IsTraced = 1,

    /// <summary>The body has a Content-Encoding: not every client can read it.</summary>
    IsEncoded = 2,

    /// <summary>It is no answer, but says by which fields of the request the answers' keys go on.</summary>
    IsVaryMarker = 4,
}

namespace EdgeProxy.Gateway.Compression;

/// <summary>Why the body of a request was not decoded.</summary>
internal enum DecodingRefusal : byte
{
    None,

    /// <summary>A coding that is unknown or off.</summary>
    Coding,

    /// <summary>More codings than <c>limits.contentCodings</c>.</summary>
    Codings,

    /// <summary>Not what its coding says: corrupt, cut off, or followed by something.</summary>
    Corrupt,

    /// <summary>Longer than <c>limits.decodedBody</c>.</summary>
    Size,

    /// <summary>More than <c>limits.decodedRatio</c> times as long as it was sent.</summary>
    Ratio,
}

namespace EdgeProxy.Gateway.Compression;

/// <summary>How far a codec came.</summary>
internal enum CodecStatus : byte
{
    /// <summary>It stopped for want of input or of room for its output.</summary>
    Going,

    /// <summary>The coded text is at its end; no byte behind it was consumed.</summary>
    Ended,

    /// <summary>The input is no text of the coding, or memory ran out.</summary>
    Corrupt,
}

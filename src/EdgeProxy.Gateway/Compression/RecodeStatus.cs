namespace EdgeProxy.Gateway.Compression;

/// <summary>How a turn of <see cref="Recode"/> ended.</summary>
internal enum RecodeStatus : byte
{
    /// <summary>There is more to do, in another turn; or the output is longer than it may be.</summary>
    Going,

    /// <summary>All input was taken, and the text has not ended.</summary>
    Starved,

    /// <summary>All input was taken, and the text has ended.</summary>
    Ended,

    /// <summary>The input is no text of the coding, or goes on behind its end.</summary>
    Corrupt,
}

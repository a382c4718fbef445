namespace EdgeProxy.Http.Http1;

/// <summary>How much beside the body itself a chunked body may bring (specification security.md 16).</summary>
/// <param name="extensionBytes">Bytes between a chunk's size and its line end.</param>
/// <param name="trailerBytes">Bytes of all trailer lines.</param>
/// <param name="trailerCount">Trailer lines.</param>
public readonly struct ChunkLimits(int extensionBytes = ChunkLimits.DefaultExtensionBytes, int trailerBytes = ChunkLimits.DefaultTrailerBytes, int trailerCount = ChunkLimits.DefaultTrailerCount)
{
    public const int DefaultExtensionBytes = 1024;
    public const int DefaultTrailerBytes = 8192;
    public const int DefaultTrailerCount = 32;

    /// <summary>The defaults; without this constructor <c>new ChunkLimits()</c> would mean zeros.</summary>
    public ChunkLimits()
        : this(DefaultExtensionBytes, DefaultTrailerBytes, DefaultTrailerCount)
    {
    }

    public int ExtensionBytes { get; } = extensionBytes;

    public int TrailerBytes { get; } = trailerBytes;

    public int TrailerCount { get; } = trailerCount;
}

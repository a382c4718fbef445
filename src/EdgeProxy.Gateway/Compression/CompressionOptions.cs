namespace EdgeProxy.Gateway.Compression;

/// <summary>What the node's settings say of content codings (<c>compression.*</c> and the limits of decoded bodies).</summary>
internal sealed class CompressionOptions
{
    /// <summary>What the service does: gzip and deflate both ways.</summary>
    public static CompressionOptions Default { get; } = new();

    /// <summary>The codings of request bodies that are decoded (<c>compression.decode</c>); a body in another is 415.</summary>
    public CodingSet Decodes { get; init; } = CodingSet.Of(ContentCoding.Gzip, ContentCoding.Deflate);

    /// <summary>The codings of answers, the one preferred first (<c>compression.codings</c>).</summary>
    public ContentCoding[] Codings { get; init; } = [ContentCoding.Gzip, ContentCoding.Deflate];

    /// <summary>How hard answers are compressed, 1 to 9 (<c>compression.level</c>).</summary>
    public int Level { get; init; } = 4;

    /// <summary>Most bytes of a request body once it is decoded, and of one that is to be (<c>limits.decodedBody</c>).</summary>
    public long DecodedBody { get; init; } = 10 * 1024 * 1024;

    /// <summary>How many times as long as it was sent a request body may become (<c>limits.decodedRatio</c>).</summary>
    public int DecodedRatio { get; init; } = 100;

    /// <summary>Most codings on top of each other (<c>limits.contentCodings</c>).</summary>
    public int ContentCodings { get; init; } = 3;
}

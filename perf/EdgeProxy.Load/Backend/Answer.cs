namespace EdgeProxy.Load.Backend;

/// <summary>An answer: bytes that are ready, and perhaps content that is made while it is sent.</summary>
/// <param name="Ready">The head, and the content if that is not made later. Never written to: answers share it.</param>
internal readonly record struct Answer(byte[] Ready)
{
    /// <summary>Bytes of content to make after <see cref="Ready"/>.</summary>
    public long Stream { get; init; }

    /// <summary>Whether that content is framed in chunks.</summary>
    public bool StreamChunked { get; init; }

    /// <summary>How long to wait before the first byte.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>When set, the connection is cut after about so many bytes of content.</summary>
    public long? CutAfter { get; init; }

    /// <summary>Whether the connection ends after the answer.</summary>
    public bool Close { get; init; }
}

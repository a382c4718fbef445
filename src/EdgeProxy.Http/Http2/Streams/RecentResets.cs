namespace EdgeProxy.Http.Http2.Streams;

/// <summary>The streams that were reset last: frames for them may still be on their way (RFC 9113, 5.1).</summary>
/// <param name="most">Streams that may be open at once: all of them can have been answered early, each with the rest of its request on its way.</param>
internal struct RecentResets(int most)
{
    private const int LeastKept = 32;
    private const int MostKept = 1024;

    // Made when the first is reset: most connections never reset any.
    private int[]? _streams;
    private int _next;

    public void Add(int stream)
    {
        _streams ??= new int[Math.Clamp(most, LeastKept, MostKept)];
        _streams[_next] = stream;
        _next = (_next + 1) % _streams.Length;
    }

    public readonly bool Contains(int stream) => _streams is not null && _streams.AsSpan().Contains(stream);
}

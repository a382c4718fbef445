namespace EdgeProxy.Gateway.Compression;

/// <summary>Encodes gzip (RFC 1952) and zlib (RFC 1950), which is what <c>deflate</c> means.</summary>
internal sealed unsafe class ZlibEncoder : Codec
{
    private Zlib.Stream* _stream;

    private ZlibEncoder(Zlib.Stream* stream) => _stream = stream;

    /// <summary>A new one; null without memory.</summary>
    /// <param name="isGzip">Gzip, or else zlib.</param>
    /// <param name="level">1 to 9.</param>
    public static ZlibEncoder? CreateOrNull(bool isGzip, int level)
    {
        Zlib.Stream* stream = Zlib.OpenDeflate(isGzip ? Zlib.GzipFormat : Zlib.ZlibFormat, level);
        return stream is null ? null : new ZlibEncoder(stream);
    }

    public override CodecStatus Run(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        byte none = 0;
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            _stream->NextIn = from is null ? &none : from;
            _stream->AvailableIn = (uint)input.Length;
            _stream->NextOut = to is null ? &none : to;
            _stream->AvailableOut = (uint)output.Length;
            int result = Zlib.Deflate(_stream, isLast ? Zlib.Finish : Zlib.NoFlush);
            consumed = input.Length - (int)_stream->AvailableIn;
            written = output.Length - (int)_stream->AvailableOut;
            _stream->NextIn = null;
            _stream->NextOut = null;
            return result switch
            {
                Zlib.StreamEnd => CodecStatus.Ended,
                Zlib.Ok or Zlib.BufferError => CodecStatus.Going,
                _ => CodecStatus.Corrupt,
            };
        }
    }

    public override bool TryReset() => Zlib.DeflateReset(_stream) == Zlib.Ok;

    protected override void Free()
    {
        if (_stream is null) return;
        Zlib.CloseDeflate(_stream);
        _stream = null;
    }
}

namespace EdgeProxy.Gateway.Compression;

/// <summary>Decodes gzip (RFC 1952), zlib (RFC 1950) and bare DEFLATE (RFC 1951).</summary>
/// <remarks>
/// A gzip text may have several members (2.2), which are one text together. What is called deflate is zlib by RFC 9110 (8.4.1.2) and was bare with
/// some senders: two bytes that make a zlib header are one.
/// </remarks>
internal sealed unsafe class ZlibDecoder : Codec
{
    private readonly bool _isGzip;
    private Zlib.Stream* _stream;
    private Stage _stage;
    private byte _first;

    private ZlibDecoder(Zlib.Stream* stream, bool isGzip)
    {
        _stream = stream;
        _isGzip = isGzip;
        _stage = isGzip ? Stage.Inside : Stage.Undecided;
    }

    private enum Stage : byte
    {
        /// <summary>Nothing was seen of a text that may be zlib or bare.</summary>
        Undecided,

        /// <summary>Its first byte was seen and kept.</summary>
        OneByteSeen,
        Inside,

        /// <summary>Behind a member of a gzip text.</summary>
        Between,
        Ended,
        Corrupt,
    }

    /// <summary>A new one; null without memory.</summary>
    /// <param name="isGzip">Gzip, or else what is called deflate.</param>
    public static ZlibDecoder? CreateOrNull(bool isGzip)
    {
        Zlib.Stream* stream = Zlib.OpenInflate(isGzip ? Zlib.GzipFormat : Zlib.ZlibFormat);
        return stream is null ? null : new ZlibDecoder(stream, isGzip);
    }

    public override CodecStatus Run(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        while (true)
        {
            switch (_stage)
            {
                case Stage.Undecided:
                    if (consumed == input.Length) return CodecStatus.Going;
                    _first = input[consumed++];
                    _stage = Stage.OneByteSeen;
                    break;
                case Stage.OneByteSeen:
                    if (consumed == input.Length) return CodecStatus.Going;
                    bool isZlib = (_first & 0x0F) == 8 && (_first >> 4) <= 7 && ((_first << 8) | input[consumed]) % 31 == 0;
                    if (Zlib.InflateReset(_stream, isZlib ? Zlib.ZlibFormat : Zlib.RawFormat) != Zlib.Ok) return Fail();
                    _stage = Stage.Inside;
                    byte first = _first;
                    Inflate(new ReadOnlySpan<byte>(in first), output[..0], out _, out _); // one byte makes no output, and is not at its end
                    break;
                case Stage.Inside:
                    Inflate(input[consumed..], output[written..], out int taken, out int made);
                    consumed += taken;
                    written += made;
                    if (_stage == Stage.Inside) return CodecStatus.Going;
                    break;
                case Stage.Between:
                    if (consumed == input.Length) return CodecStatus.Ended;
                    if (Zlib.InflateReset(_stream, Zlib.GzipFormat) != Zlib.Ok) return Fail();
                    _stage = Stage.Inside;
                    break;
                case Stage.Ended:
                    return CodecStatus.Ended;
                default:
                    return CodecStatus.Corrupt;
            }
        }
    }

    public override bool TryReset()
    {
        _stage = _isGzip ? Stage.Inside : Stage.Undecided;
        return Zlib.InflateReset(_stream, _isGzip ? Zlib.GzipFormat : Zlib.ZlibFormat) == Zlib.Ok;
    }

    protected override void Free()
    {
        if (_stream is null) return;
        Zlib.CloseInflate(_stream);
        _stream = null;
    }

    private void Inflate(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        byte none = 0;
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            // The library refuses null even for nothing.
            _stream->NextIn = from is null ? &none : from;
            _stream->AvailableIn = (uint)input.Length;
            _stream->NextOut = to is null ? &none : to;
            _stream->AvailableOut = (uint)output.Length;
            int result = Zlib.Inflate(_stream, Zlib.NoFlush);
            consumed = input.Length - (int)_stream->AvailableIn;
            written = output.Length - (int)_stream->AvailableOut;
            _stream->NextIn = null;
            _stream->NextOut = null;
            if (result == Zlib.StreamEnd) _stage = _isGzip ? Stage.Between : Stage.Ended;
            else if (result is not (Zlib.Ok or Zlib.BufferError)) _stage = Stage.Corrupt;
        }
    }

    private CodecStatus Fail()
    {
        _stage = Stage.Corrupt;
        return CodecStatus.Corrupt;
    }
}

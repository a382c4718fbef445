namespace EdgeProxy.Gateway.Compression;

/// <summary>Decodes Zstandard (RFC 8878). Several frames are one text together, skippable ones among them (3.1).</summary>
internal sealed unsafe class ZstandardDecoder : Codec
{
    // 8 MB: what every decoder of the coding must take, and none need go beyond (RFC 9659).
    private const int WindowLog = 23;

    // The library keeps the window of the last text for the next one, and nine bytes are enough to ask for all 8 MB.
    private const int MostKept = 1024 * 1024;

    private void* _context;
    private bool _isBetween;

    private ZstandardDecoder(void* context) => _context = context;

    /// <summary>A new one; null without memory.</summary>
    public static ZstandardDecoder? CreateOrNull()
    {
        void* context = Zstandard.OpenDecoder();
        if (context is null) return null;
        _ = Zstandard.SetDecoder(context, Zstandard.WindowLogMax, WindowLog);
        return new ZstandardDecoder(context);
    }

    public override CodecStatus Run(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        while (true)
        {
            if (_isBetween && consumed == input.Length) return CodecStatus.Ended;
            CodecStatus status = Step(input[consumed..], output[written..], out int taken, out int made);
            consumed += taken;
            written += made;
            if (status == CodecStatus.Corrupt) return status;
            _isBetween = status == CodecStatus.Ended;
            if (!_isBetween) return CodecStatus.Going;
        }
    }

    public override bool TryReset()
    {
        _isBetween = false;
        return Zstandard.SizeOfDecoder(_context) <= MostKept && Zstandard.IsError(Zstandard.ResetDecoder(_context, Zstandard.SessionOnly)) == 0;
    }

    protected override void Free()
    {
        if (_context is not null) _ = Zstandard.CloseDecoder(_context);
        _context = null;
    }

    private CodecStatus Step(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        byte none = 0;
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            var source = new Zstandard.Buffer { Start = from is null ? &none : from, Size = (nuint)input.Length };
            var target = new Zstandard.Buffer { Start = to is null ? &none : to, Size = (nuint)output.Length };
            nuint result = Zstandard.Decode(_context, &target, &source);
            consumed = (int)source.Position;
            written = (int)target.Position;
            if (Zstandard.IsError(result) != 0) return CodecStatus.Corrupt;
            return result == 0 ? CodecStatus.Ended : CodecStatus.Going;
        }
    }
}

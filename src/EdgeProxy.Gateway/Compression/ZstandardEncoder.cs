namespace EdgeProxy.Gateway.Compression;

/// <summary>Encodes Zstandard (RFC 8878).</summary>
internal sealed unsafe class ZstandardEncoder : Codec
{
    // 256 KB, for the memory of answers under way.
    private const int WindowLog = 18;

    private void* _context;

    private ZstandardEncoder(void* context) => _context = context;

    /// <summary>A new one; null without memory.</summary>
    /// <param name="level">1 to 9.</param>
    public static ZstandardEncoder? CreateOrNull(int level)
    {
        void* context = Zstandard.OpenEncoder();
        if (context is null) return null;
        _ = Zstandard.SetEncoder(context, Zstandard.CompressionLevel, level);
        _ = Zstandard.SetEncoder(context, Zstandard.WindowLog, WindowLog);
        return new ZstandardEncoder(context);
    }

    public override CodecStatus Run(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        byte none = 0;
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            var source = new Zstandard.Buffer { Start = from is null ? &none : from, Size = (nuint)input.Length };
            var target = new Zstandard.Buffer { Start = to is null ? &none : to, Size = (nuint)output.Length };
            nuint left = Zstandard.Encode(_context, &target, &source, isLast ? Zstandard.End : Zstandard.Continue);
            consumed = (int)source.Position;
            written = (int)target.Position;
            if (Zstandard.IsError(left) != 0) return CodecStatus.Corrupt;
            return isLast && left == 0 ? CodecStatus.Ended : CodecStatus.Going;
        }
    }

    public override bool TryReset() => Zstandard.IsError(Zstandard.ResetEncoder(_context, Zstandard.SessionOnly)) == 0;

    protected override void Free()
    {
        if (_context is not null) _ = Zstandard.CloseEncoder(_context);
        _context = null;
    }
}

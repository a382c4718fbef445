namespace EdgeProxy.Gateway.Compression;

/// <summary>Encodes Brotli (RFC 7932).</summary>
/// <remarks>As <see cref="BrotliDecoder"/>, with a native state for each text.</remarks>
internal sealed unsafe class BrotliEncoder(int level) : Codec
{
    // 256 KB: what a node gives each answer under way, rather than the library's 4 MB.
    private const uint WindowBits = 18;

    private void* _state;

    public override CodecStatus Run(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        if (_state is null && !TryOpen()) return CodecStatus.Corrupt;
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            byte* nextIn = from;
            byte* nextOut = to;
            nuint availableIn = (nuint)input.Length;
            nuint availableOut = (nuint)output.Length;
            int result = Brotli.Encode(_state, isLast ? Brotli.Finish : Brotli.Process, &availableIn, &nextIn, &availableOut, &nextOut, null);
            consumed = input.Length - (int)availableIn;
            written = output.Length - (int)availableOut;
            if (result == 0) return CodecStatus.Corrupt;
            return isLast && availableIn == 0 && Brotli.HasMoreOutput(_state) == 0 ? CodecStatus.Ended : CodecStatus.Going;
        }
    }

    public override bool TryReset()
    {
        Free();
        return true;
    }

    protected override void Free()
    {
        if (_state is not null) Brotli.CloseEncoder(_state);
        _state = null;
    }

    private bool TryOpen()
    {
        _state = Brotli.OpenEncoder(null, null, null);
        return _state is not null && Brotli.SetParameter(_state, Brotli.Quality, (uint)level) != 0 && Brotli.SetParameter(_state, Brotli.WindowBits, WindowBits) != 0;
    }
}

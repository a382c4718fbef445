namespace EdgeProxy.Gateway.Compression;

/// <summary>Decodes Brotli (RFC 7932) with windows of up to 16 MB.</summary>
/// <remarks>The library cannot be made ready for a second text, so that each has a native state of its own, and none when it waits in the pool.</remarks>
internal sealed unsafe class BrotliDecoder : Codec
{
    private void* _state;
    private bool _hasEnded;

    public override CodecStatus Run(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        if (_hasEnded) return CodecStatus.Ended;
        if (_state is null) _state = Brotli.OpenDecoder(null, null, null);
        if (_state is null) return CodecStatus.Corrupt;
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            byte* nextIn = from;
            byte* nextOut = to;
            nuint availableIn = (nuint)input.Length;
            nuint availableOut = (nuint)output.Length;
            int result = Brotli.Decode(_state, &availableIn, &nextIn, &availableOut, &nextOut, null);
            consumed = input.Length - (int)availableIn;
            written = output.Length - (int)availableOut;
            if (result == Brotli.Error) return CodecStatus.Corrupt;
            _hasEnded = result == Brotli.Success;
            return _hasEnded ? CodecStatus.Ended : CodecStatus.Going;
        }
    }

    public override bool TryReset()
    {
        Free();
        _hasEnded = false;
        return true;
    }

    protected override void Free()
    {
        if (_state is not null) Brotli.CloseDecoder(_state);
        _state = null;
    }
}

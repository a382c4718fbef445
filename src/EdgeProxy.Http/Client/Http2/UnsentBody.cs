using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>The part of one run of a body that windows had no room for yet. Leases memory while there is any.</summary>
/// <remarks>Loop thread only. A struct to be held in one place.</remarks>
internal struct UnsentBody
{
    private byte[]? _block;
    private int _start;
    private int _end;

    /// <summary>Bytes kept.</summary>
    public readonly int Length => _end - _start;

    public readonly ReadOnlySpan<byte> Bytes => _block.AsSpan(_start, _end - _start);

    /// <summary>Copies bytes of a run whose earlier ones were sent; nothing is kept before.</summary>
    public void Keep(LoopBuffers buffers, ReadOnlySpan<byte> bytes)
    {
        _block = buffers.Rent(bytes.Length);
        bytes.CopyTo(_block);
        _start = 0;
        _end = bytes.Length;
    }

    /// <summary>Forgets bytes that were sent.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>Gives the memory back.</summary>
    public void Clear(LoopBuffers buffers)
    {
        _start = _end = 0;
        if (_block is null) return;
        buffers.Return(_block);
        _block = null;
    }
}

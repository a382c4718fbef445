namespace EdgeProxy.Core.Buffers;

/// <summary>Bytes that cannot go on yet. Leases memory only while there are any.</summary>
/// <remarks>Loop thread only. A struct to be held in one place.</remarks>
public struct HeldBytes
{
    private byte[]? _block;
    private int _start;
    private int _end;

    /// <summary>How many there are.</summary>
    public readonly int Length => _end - _start;

    /// <summary>The bytes; good until the next change.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _block.AsSpan(_start, _end - _start);

    /// <summary>Copies bytes behind those that are held.</summary>
    public void Add(LoopBuffers buffers, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        int held = Length;
        byte[] block = buffers.Rent(held + bytes.Length);
        if (held > 0) Bytes.CopyTo(block);
        bytes.CopyTo(block.AsSpan(held));
        if (_block is not null) buffers.Return(_block);
        _block = block;
        _start = 0;
        _end = held + bytes.Length;
    }

    /// <summary>Forgets the first of them, which have gone on.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>Forgets all and gives the memory back.</summary>
    public void Clear(LoopBuffers buffers)
    {
        _start = _end = 0;
        if (_block is null) return;
        buffers.Return(_block);
        _block = null;
    }
}

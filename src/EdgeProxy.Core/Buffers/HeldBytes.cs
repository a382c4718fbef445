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
        int held = _end - _start;
        if (held == 0) _start = _end = 0;
        if (_block is null)
        {
            _block = buffers.Rent(bytes.Length);
        }
        else if (_end + bytes.Length > _block.Length)
        {
            byte[] target = held + bytes.Length <= _block.Length ? _block : buffers.Rent(Math.Max(held + bytes.Length, _block.Length * 2));
            _block.AsSpan(_start, held).CopyTo(target);
            if (!ReferenceEquals(target, _block)) buffers.Return(_block);
            _block = target;
            _start = 0;
            _end = held;
        }

        bytes.CopyTo(_block.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes all of them: borrowed until more are added, or the memory is given back.</summary>
    public ArraySegment<byte> Take()
    {
        if (_block is null) return ArraySegment<byte>.Empty;
        var taken = new ArraySegment<byte>(_block, _start, _end - _start);
        _start = _end;
        return taken;
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

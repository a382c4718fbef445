using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.FlowControl;

/// <summary>Body bytes of one stream that came before anybody read them; flow control bounds them.</summary>
/// <remarks>Memory is leased only while there are bytes, or until they were read. Loop thread only. A struct to be held in one place.</remarks>
internal struct ReceivedBody
{
    private byte[]? _block;
    private int _start;
    private int _end;

    /// <summary>Bytes unread.</summary>
    public readonly int Length => _end - _start;

    /// <summary>Copies bytes behind those that are unread.</summary>
    public void Add(LoopBuffers buffers, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        int length = _end - _start;
        if (length == 0) _start = _end = 0;
        if (_block is null)
        {
            _block = buffers.Rent(bytes.Length);
        }
        else if (_end + bytes.Length > _block.Length)
        {
            byte[] target = length + bytes.Length <= _block.Length ? _block : buffers.Rent(Math.Max(length + bytes.Length, _block.Length * 2));
            _block.AsSpan(_start, length).CopyTo(target);
            if (!ReferenceEquals(target, _block)) buffers.Return(_block);
            _block = target;
            _start = 0;
            _end = length;
        }

        bytes.CopyTo(_block.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes all that is unread: borrowed until more is added, or the memory is released.</summary>
    public BodyChunk Take()
    {
        if (_block is null) return BodyChunk.Empty;
        var chunk = new BodyChunk(_block, _start, _end - _start);
        _start = _end;
        return chunk;
    }

    /// <summary>Gives the memory back, if nothing in it is unread.</summary>
    public void ReleaseIfRead(LoopBuffers buffers)
    {
        if (_start == _end) Clear(buffers);
    }

    /// <summary>Forgets what is unread and gives the memory back.</summary>
    public void Clear(LoopBuffers buffers)
    {
        _start = _end = 0;
        if (_block is null) return;
        buffers.Return(_block);
        _block = null;
    }
}

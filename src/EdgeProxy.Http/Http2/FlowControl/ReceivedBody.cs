using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.FlowControl;

/// <summary>Body bytes of one stream that came before anybody read them; flow control bounds them.</summary>
/// <remarks>Memory is leased only while there are bytes, or until they were read. Loop thread only. A struct to be held in one place.</remarks>
internal struct ReceivedBody
{
    private HeldBytes _bytes;

    /// <summary>Bytes unread.</summary>
    public readonly int Length => _bytes.Length;

    /// <summary>Copies bytes behind those that are unread.</summary>
    public void Add(LoopBuffers buffers, ReadOnlySpan<byte> bytes) => _bytes.Add(buffers, bytes);

    /// <summary>Takes all that is unread: borrowed until more is added, or the memory is released.</summary>
    public BodyChunk Take()
    {
        ArraySegment<byte> taken = _bytes.Take();
        return new BodyChunk(taken.Array!, taken.Offset, taken.Count);
    }

    /// <summary>Gives the memory back, if nothing in it is unread.</summary>
    public void ReleaseIfRead(LoopBuffers buffers)
    {
        if (_bytes.Length == 0) _bytes.Clear(buffers);
    }

    /// <summary>Forgets what is unread and gives the memory back.</summary>
    public void Clear(LoopBuffers buffers) => _bytes.Clear(buffers);
}

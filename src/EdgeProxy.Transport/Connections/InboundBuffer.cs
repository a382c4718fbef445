using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Transport.Connections;

/// <summary>What was received on a connection and not yet read: usually a stretch of the loop's scratch buffer, so that nothing is copied.</summary>
/// <remarks>
/// Bytes move to a leased block only when the scratch is needed by another connection, or when more must follow them. Pooled with
/// its exchange or call; an idle connection has none. Loop thread only.
/// </remarks>
public sealed class InboundBuffer(LoopBuffers buffers) : IScratchHolder
{
    private byte[] _bytes = [];
    private byte[]? _block;
    private int _start;
    private int _end;
    private bool _inScratch;

    /// <summary>Bytes unread.</summary>
    public int Length => _end - _start;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>The array that <see cref="Unread"/> lies in.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Where <see cref="Unread"/> starts in <see cref="Bytes"/>. What lies before it may be overwritten: it is read, or was never used.</summary>
    public int Start => _start;

    /// <summary>Receives once, behind what is unread.</summary>
    public IoResult Receive(Connection connection)
    {
        if (_end > _start) return ReceiveMore(connection);
        ReturnBlock();
        byte[] scratch = buffers.ClaimScratch(this);
        IoResult result = connection.TryReceive(scratch.AsSpan(LoopBuffers.Headroom));
        if (!result.IsOk)
        {
            buffers.ReleaseScratch(this);
            return result;
        }

        _bytes = scratch;
        _start = LoopBuffers.Headroom;
        _end = LoopBuffers.Headroom + result.Count;
        _inScratch = true;
        return result;
    }

    /// <summary>Marks bytes as read. They stay where they are until the next receive or an await that waits.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start < _end || !_inScratch) return;
        _inScratch = false;
        buffers.ReleaseScratch(this);
    }

    /// <summary>Forgets everything and gives leased memory back.</summary>
    public void Clear()
    {
        if (_inScratch)
        {
            _inScratch = false;
            buffers.ReleaseScratch(this);
        }

        _start = _end = 0;
        _bytes = [];
        ReturnBlock();
    }

    /// <inheritdoc/>
    public void SaveScratch()
    {
        if (!_inScratch) return;
        int length = _end - _start;
        _block = buffers.Rent(length);
        _bytes.AsSpan(_start, length).CopyTo(_block);
        _bytes = _block;
        _start = 0;
        _end = length;
        _inScratch = false;
    }

    private IoResult ReceiveMore(Connection connection)
    {
        if (_inScratch)
        {
            SaveScratch();
            buffers.ReleaseScratch(this);
        }

        if (_end == _bytes.Length) MakeRoom();
        IoResult result = connection.TryReceive(_bytes.AsSpan(_end));
        if (result.IsOk) _end += result.Count;
        return result;
    }

    private void MakeRoom()
    {
        int length = _end - _start;
        if (_start > 0)
        {
            _bytes.AsSpan(_start, length).CopyTo(_bytes);
        }
        else
        {
            byte[] larger = buffers.Rent(_bytes.Length * 2);
            _bytes.AsSpan(_start, length).CopyTo(larger);
            ReturnBlock();
            _block = _bytes = larger;
        }

        _start = 0;
        _end = length;
    }

    private void ReturnBlock()
    {
        if (_block is null) return;
        buffers.Return(_block);
        _block = null;
    }
}

using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>A field block that comes in more frames than one (RFC 9113, 4.3). Between such blocks it holds no memory.</summary>
internal struct FieldBlock
{
    private byte[]? _bytes;
    private int _length;

    /// <summary>The stream whose block is under way; 0 for none.</summary>
    public int Stream { get; private set; }

    /// <summary>Whether the stream ends with the block.</summary>
    public bool EndsStream { get; private set; }

    /// <summary>CONTINUATION frames so far.</summary>
    public int Continuations { get; private set; }

    /// <summary>Bytes so far.</summary>
    public readonly int Length => _length;

    public readonly bool IsUnderWay => Stream != 0;

    /// <summary>What came so far; good until <see cref="Drop"/>.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Begins with what a HEADERS frame had.</summary>
    public void Begin(int stream, bool endsStream, ReadOnlySpan<byte> fragment, LoopBuffers buffers)
    {
        Stream = stream;
        EndsStream = endsStream;
        Continuations = 0;
        _length = 0;
        Append(fragment, buffers);
    }

    /// <summary>Counts a CONTINUATION frame, before anything of it is taken.</summary>
    public int CountContinuation() => ++Continuations;

    public void Append(ReadOnlySpan<byte> fragment, LoopBuffers buffers)
    {
        int length = _length + fragment.Length;
        if (_bytes is null)
        {
            _bytes = buffers.Rent(length);
        }
        else if (length > _bytes.Length)
        {
            byte[] larger = buffers.Rent(Math.Max(length, _bytes.Length * 2));
            Bytes.CopyTo(larger);
            buffers.Return(_bytes);
            _bytes = larger;
        }

        fragment.CopyTo(_bytes.AsSpan(_length));
        _length = length;
    }

    /// <summary>The block is whole: frames of other streams may come again. Its bytes stay.</summary>
    public void End() => Stream = 0;

    /// <summary>Gives the memory back.</summary>
    public void Drop(LoopBuffers buffers)
    {
        Stream = 0;
        _length = 0;
        if (_bytes is null) return;
        buffers.Return(_bytes);
        _bytes = null;
    }
}

using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Writes a text whose length nobody knows into leased memory that grows with it, up to a limit.</summary>
/// <remarks>Passed by reference. What is written beyond the limit is left out, and <see cref="IsTooLarge"/> says so. Ends with <see cref="Take"/> or <see cref="Release"/>.</remarks>
internal struct LeasedWriter
{
    private readonly LoopBuffers _buffers;
    private readonly int _most;
    private byte[] _bytes;

    /// <param name="buffers">Lends the memory.</param>
    /// <param name="expected">About how many bytes will be written.</param>
    /// <param name="most">Most bytes.</param>
    public LeasedWriter(LoopBuffers buffers, int expected, int most)
    {
        _buffers = buffers;
        _most = most;
        _bytes = buffers.Rent(Math.Min(expected, most));
    }

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public bool IsTooLarge { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        Span<byte> room = Reserve(bytes.Length);
        if (!IsTooLarge) bytes.CopyTo(room);
    }

    public void Write(byte value)
    {
        if (Length < _bytes.Length && Length < _most && !IsTooLarge)
        {
            _bytes[Length++] = value;
            return;
        }

        Span<byte> room = Reserve(1);
        if (!room.IsEmpty) room[0] = value;
    }

    /// <summary>Writes a decimal number.</summary>
    public void Write(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        var writer = new ByteWriter(digits);
        writer.Write(value);
        Write(writer.Written);
    }

    /// <summary>Takes room for a caller that fills all of it; empty when there is not enough.</summary>
    public Span<byte> Reserve(int count)
    {
        if (count > _bytes.Length - Length || count > _most - Length) Grow(count);
        if (IsTooLarge) return default;
        Span<byte> room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }

    /// <summary>Takes the last byte back, such as a comma that nothing followed.</summary>
    public void DropLast() => Length = Math.Max(0, Length - 1);

    /// <summary>Hands the memory over; it is the caller's to return.</summary>
    public byte[] Take(out int length)
    {
        length = Length;
        return _bytes;
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Release() => _buffers.Return(_bytes);

    private void Grow(int count)
    {
        if (IsTooLarge || count > _most - Length)
        {
            IsTooLarge = true;
            return;
        }

        byte[] larger = _buffers.Rent((int)Math.Min(_most, Math.Max((long)Length + count, _bytes.Length * 2L)));
        Written.CopyTo(larger);
        _buffers.Return(_bytes);
        _bytes = larger;
    }
}

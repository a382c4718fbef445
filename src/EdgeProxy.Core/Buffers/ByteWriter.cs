using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Core.Buffers;

/// <summary>Appends text and numbers to a span, remembering that it ran out of room instead of throwing.</summary>
/// <remarks>Check <see cref="Overflowed"/> once at the end; after an overflow nothing more is written.</remarks>
public ref struct ByteWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether something did not fit.</summary>
    public bool Overflowed { get; private set; }

    public readonly int Free => _destination.Length - Length;

    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _destination.Length - Length || Overflowed)
        {
            Overflowed = true;
            return;
        }

        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value)
    {
        if (Length >= _destination.Length || Overflowed)
        {
            Overflowed = true;
            return;
        }

        _destination[Length++] = value;
    }

    /// <summary>Writes a decimal number.</summary>
    public void Write(long value)
    {
        if (Overflowed || !Utf8Formatter.TryFormat(value, _destination[Length..], out int written))
        {
            Overflowed = true;
            return;
        }

        Length += written;
    }

    /// <summary>Writes a number in lower-case hexadecimal without leading zeros.</summary>
    public void WriteHex(ulong value)
    {
        if (Overflowed || !Utf8Formatter.TryFormat(value, _destination[Length..], out int written, 'x'))
        {
            Overflowed = true;
            return;
        }

        Length += written;
    }

    /// <summary>Takes room for a caller that fills it itself; empty when there is not enough.</summary>
    public Span<byte> Reserve(int count)
    {
        if (Overflowed || count > _destination.Length - Length)
        {
            Overflowed = true;
            return default;
        }

        Span<byte> room = _destination.Slice(Length, count);
        Length += count;
        return room;
    }

    /// <summary>Bytes already written, to be filled in or moved; for lengths that are known only at the end.</summary>
    public readonly Span<byte> Patch(int start, int length) => _destination[..Length].Slice(start, length);

    /// <summary>Goes back to an earlier length.</summary>
    public void Truncate(int length) => Length = length;
}

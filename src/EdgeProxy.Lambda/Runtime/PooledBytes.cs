using System.Buffers;
using System.Text;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>Bytes in an array of the shared pool, so that they may go from one loop to another. Whoever has it last returns it.</summary>
internal struct PooledBytes
{
    private byte[]? _array;

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    public readonly byte[] Array => _array ?? [];

    public readonly ReadOnlySpan<byte> Span => Array.AsSpan(0, Length);

    /// <summary>A copy.</summary>
    public static PooledBytes Of(ReadOnlySpan<byte> bytes)
    {
        PooledBytes copy = default;
        copy.Append(bytes);
        return copy;
    }

    /// <summary>A copy in UTF-8.</summary>
    public static PooledBytes Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        int length = Length + bytes.Length;
        if (_array is null || length > _array.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Length * 2));
            Span.CopyTo(larger);
            if (_array is not null) ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }

        bytes.CopyTo(_array.AsSpan(Length));
        Length = length;
    }

    /// <summary>Gives the array back and forgets the bytes.</summary>
    public void Return()
    {
        if (_array is not null) ArrayPool<byte>.Shared.Return(_array);
        _array = null;
        Length = 0;
    }

    /// <summary>Hands the bytes over: this is empty afterwards.</summary>
    public PooledBytes Take()
    {
        PooledBytes taken = this;
        _array = null;
        Length = 0;
        return taken;
    }
}

using System.Runtime.CompilerServices;

namespace EdgeProxy.Templates;

/// <summary>A growing text. What goes beyond its limit is dropped and remembered.</summary>
/// <remarks>One owner at a time. Its memory is kept from use to use, up to a bound.</remarks>
public sealed class TemplateOutput
{
    private const int FirstSize = 4 * 1024;
    private const int Kept = 1024 * 1024;

    private byte[] _bytes = [];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether more was written than the limit allows.</summary>
    public bool Overflowed { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>The memory behind it; another one after it has grown.</summary>
    internal byte[] Bytes => _bytes;

    internal int Limit { get; set; } = int.MaxValue;

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        Length = 0;
        Overflowed = false;
        if (_bytes.Length > Kept) _bytes = [];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> text)
    {
        if (text.Length > _bytes.Length - Length && !TryGrow(text.Length)) return;
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value)
    {
        if (Length == _bytes.Length && !TryGrow(1)) return;
        _bytes[Length++] = value;
    }

    /// <summary>Room to write into before <see cref="Commit"/>; empty when the limit does not allow it.</summary>
    internal Span<byte> Reserve(int count) => count <= _bytes.Length - Length || TryGrow(count) ? _bytes.AsSpan(Length) : default;

    internal void Commit(int count) => Length += count;

    internal void Truncate(int length) => Length = length;

    // The old memory is left as it is: a span into it stays good.
    private bool TryGrow(int count)
    {
        long needed = (long)Length + count;
        if (needed > Limit)
        {
            Overflowed = true;
            return false;
        }

        byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Max(Math.Max(needed, _bytes.Length * 2L), FirstSize), Math.Max(Limit, needed)));
        Written.CopyTo(larger);
        _bytes = larger;
        return true;
    }
}

using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates;

/// <summary>A growing text. What goes beyond its limit is dropped and remembered.</summary>
/// <remarks>One owner at a time. Its memory is kept from use to use, up to a bound.</remarks>
public sealed class TemplateOutput
{
    private const int FirstSize = 4 * 1024;
    private const int Kept = 1024 * 1024;

    private byte[] _bytes = [];
    private int _limit = int.MaxValue;
    private int _length;

    /// <summary>Bytes written.</summary>
    public int Length => _length;

    /// <summary>Whether more was written than the limit allows.</summary>
    public bool Overflowed { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _length);

    /// <summary>What was written, in the memory it stands in until something else is written.</summary>
    public ArraySegment<byte> WrittenSegment => new(_bytes, 0, _length);

    /// <summary>The memory behind it, pinned; another one after it has grown.</summary>
    internal byte[] Bytes => _bytes;

    /// <summary>Most bytes. Set between texts: memory kept from a higher one would let through what is in it.</summary>
    internal int Limit
    {
        get => _limit;
        set
        {
            _limit = value;
            if (_length == 0 && _bytes.Length > value) _bytes = [];
        }
    }

    /// <summary>The run that ends when more is written than the limit allows.</summary>
    internal Machine? Run { get; set; }

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        _length = 0;
        Overflowed = false;
        if (_bytes.Length > Kept) _bytes = [];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> text)
    {
        if (text.Length > _bytes.Length - _length && !TryGrow(text.Length)) return;
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value)
    {
        if (_length == _bytes.Length && !TryGrow(1)) return;
        _bytes[_length++] = value;
    }

    /// <summary>Writes a piece of an array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(byte[] source, int offset, int length)
    {
        if (ShortText.TryCopy(source, offset, length, _bytes, _length)) _length += length;
        else WriteLong(source, offset, length);
    }

    private void WriteLong(byte[] source, int offset, int length)
    {
        if (ShortText.TryCopyTwo(source, offset, length, _bytes, _length)) _length += length;
        else Write(source.AsSpan(offset, length));
    }

    /// <summary>Writes a piece of a text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(ReadOnlySpan<byte> source, int offset, int length)
    {
        if (ShortText.TryCopy(source, offset, length, _bytes, _length)) _length += length;
        else Write(source.Slice(offset, length));
    }

    /// <summary>Writes up to <see cref="ShortText.Width"/> bytes of an array as escapeJavaScript has them; false, with nothing written, where that is not told at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryWriteScript(byte[] source, int offset, int length)
    {
        int written = ShortText.CopyScript(source, offset, length, _bytes, _length);
        if (written < 0) return false;
        _length += written;
        return true;
    }

    /// <summary>Room to write into before <see cref="Commit"/>; empty when the limit does not allow it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<byte> Reserve(int count) => count <= _bytes.Length - _length || TryGrow(count) ? _bytes.AsSpan(_length) : default;

    /// <summary>Room there is without asking for more.</summary>
    internal Span<byte> Free => _bytes.AsSpan(_length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Commit(int count) => _length += count;

    internal void Truncate(int length) => _length = length;

    /// <summary>Takes over what was written to <see cref="Bytes"/> up to there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetEnd(int length) => _length = length;

    // The old memory is left as it is: a span into it stays good.
    private bool TryGrow(int count)
    {
        long needed = (long)_length + count;
        if (needed > Limit)
        {
            Overflowed = true;
            Run?.OnOverflow(this);
            return false;
        }

        byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Max(Math.Max(needed, _bytes.Length * 2L), FirstSize), Math.Max(Limit, needed)), pinned: true);
        Written.CopyTo(larger);
        _bytes = larger;
        return true;
    }
}

namespace EdgeProxy.Identity.SigV4;

/// <summary>Bytes that are put together and then put together again: the memory stays, so that in steady state nothing is allocated.</summary>
internal sealed class CanonicalBuffer
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    public void Write(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - Length) Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Writes bytes percent-encoded: all but letters, digits and <c>-._~</c>.</summary>
    /// <param name="bytes">What to encode.</param>
    /// <param name="keepsSlash">Whether <c>/</c> stays.</param>
    public void WriteEncoded(scoped ReadOnlySpan<byte> bytes, bool keepsSlash = false)
    {
        foreach (byte value in bytes) WriteEncoded(value, keepsSlash);
    }

    /// <summary>Writes bytes decoded and percent-encoded again, so that one text has one form. An escape that is none stands for itself.</summary>
    public void WriteRecoded(scoped ReadOnlySpan<byte> bytes, bool keepsSlash = false)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'%' && i + 2 < bytes.Length && HexOf(bytes[i + 1]) is >= 0 and var high && HexOf(bytes[i + 2]) is >= 0 and var low)
            {
                WriteEncoded((byte)((high << 4) | low), keepsSlash: false);
                i += 2;
            }
            else
            {
                WriteEncoded(bytes[i], keepsSlash);
            }
        }
    }

    private static int HexOf(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };

    private void WriteEncoded(byte value, bool keepsSlash)
    {
        bool isPlain = char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' || (keepsSlash && value == (byte)'/');
        if (isPlain)
        {
            Write(value);
            return;
        }

        ReadOnlySpan<byte> digits = "0123456789ABCDEF"u8;
        Write((byte)'%');
        Write(digits[value >> 4]);
        Write(digits[value & 15]);
    }

    private void Grow(int more) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
}

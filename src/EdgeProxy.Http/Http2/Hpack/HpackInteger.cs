namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>The integers of HPACK (RFC 7541, 5.1).</summary>
internal static class HpackInteger
{
    /// <summary>The most octets one may take here, the first included; room for any number that could mean something.</summary>
    public const int MostOctets = 5;

    /// <summary>Reads an integer whose first octet is at the position, and moves the position after it.</summary>
    /// <param name="block">The field block.</param>
    /// <param name="at">Within the block.</param>
    /// <param name="mask">The prefix: 2^N - 1.</param>
    /// <param name="value">At most 2^28 + 126.</param>
    /// <returns>False when it is cut off or takes more octets than <see cref="MostOctets"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> block, ref int at, int mask, out int value)
    {
        value = block[at++] & mask;
        return value < mask || TryReadRest(block, ref at, ref value);
    }

    /// <summary>Writes an integer after the bits that share its first octet; returns the octets taken, at most <see cref="MostOctets"/> + 1.</summary>
    public static int Write(Span<byte> room, byte pattern, int mask, int value)
    {
        if (value < mask)
        {
            room[0] = (byte)(pattern | value);
            return 1;
        }

        room[0] = (byte)(pattern | mask);
        uint rest = (uint)(value - mask);
        int length = 1;
        while (rest >= 0x80)
        {
            room[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        room[length++] = (byte)rest;
        return length;
    }

    private static bool TryReadRest(ReadOnlySpan<byte> block, ref int at, ref int value)
    {
        for (int shift = 0; shift < 7 * (MostOctets - 1); shift += 7)
        {
            if ((uint)at >= (uint)block.Length) return false;
            byte octet = block[at++];
            value += (octet & 0x7F) << shift;
            if (octet < 0x80) return true;
        }

        return false;
    }
}

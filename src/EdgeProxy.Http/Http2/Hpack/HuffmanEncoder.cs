namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>Huffman coding of strings (RFC 7541, 5.2).</summary>
internal static class HuffmanEncoder
{
    /// <summary>Code and length of each octet: the code from bit 8, the length below.</summary>
    private static readonly ulong[] Table = BuildTable();

    /// <summary>Octets the coded form takes.</summary>
    public static int LengthOf(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> lengths = HuffmanCode.Lengths;
        int bits = 0;
        foreach (byte symbol in text) bits += lengths[symbol];
        return (bits + 7) >> 3;
    }

    /// <summary>Writes the coded form, padded with ones.</summary>
    /// <param name="text">Any octets.</param>
    /// <param name="room">At least <see cref="LengthOf"/> octets.</param>
    public static void Write(ReadOnlySpan<byte> text, Span<byte> room)
    {
        ulong[] table = Table;
        ulong pending = 0;
        int bits = 0;
        int to = 0;
        foreach (byte symbol in text)
        {
            ulong entry = table[symbol];
            int length = (int)(entry & 0xFF);
            pending = (pending << length) | (entry >> 8);
            bits += length;
            if (bits < 32) continue;

            bits -= 32;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(room[to..], (uint)(pending >> bits));
            to += 4;
        }

        while (bits >= 8)
        {
            bits -= 8;
            room[to++] = (byte)(pending >> bits);
        }

        if (bits > 0) room[to] = (byte)((pending << (8 - bits)) | (0xFFu >> bits));
    }

    private static ulong[] BuildTable()
    {
        var table = new ulong[256];
        for (int symbol = 0; symbol < table.Length; symbol++) table[symbol] = ((ulong)HuffmanCode.Codes[symbol] << 8) | HuffmanCode.Lengths[symbol];
        return table;
    }
}

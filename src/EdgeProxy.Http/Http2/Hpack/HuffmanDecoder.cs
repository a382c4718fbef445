using System.Buffers.Binary;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>Decoding of Huffman-coded strings (RFC 7541, 5.2).</summary>
/// <remarks>
/// Eleven bits at a time pick an entry that has one or two symbols: most text has codes of five to seven bits, and all of up to eleven
/// bits are found this way. Longer codes, which text hardly has, are found by their length.
/// </remarks>
internal static class HuffmanDecoder
{
    /// <summary>Octets of room that decoding wants beyond the text, because it writes two symbols at once.</summary>
    public const int Slack = 2;

    private const int IndexBits = 11;
    private const ulong Ones = ulong.MaxValue;

    /// <summary>Symbols in the low bytes; then bits of both codes (5), bits of the first (5), and how many symbols there are (2; 0: a longer code).</summary>
    private static readonly uint[] Table = BuildTable();

    /// <summary>All symbols in the order of their codes.</summary>
    private static readonly ushort[] Ordered = Array.ConvertAll([.. Enumerable.Range(0, HuffmanCode.EndOfString + 1).OrderBy(symbol => HuffmanCode.Lengths[symbol]).ThenBy(symbol => symbol)], static (int symbol) => (ushort)symbol);

    /// <summary>For each length, at the top of a word, the value that no code of up to this length begins.</summary>
    private static readonly ulong[] Beyond = BuildBeyond();

    /// <summary>For each length, what to take off a code to get its place in <see cref="Ordered"/>.</summary>
    private static readonly int[] Bases = BuildBases();

    /// <summary>The most octets that coded ones can stand for.</summary>
    public static int MostOf(int codedLength) => (int)(codedLength * 8L / 5);

    /// <summary>Decodes a string.</summary>
    /// <param name="coded">The coded octets.</param>
    /// <param name="room">Where the text goes: at least <see cref="Slack"/> octets, and as many more than the text that is to be kept.</param>
    /// <param name="length">Octets of the text. Over the room less <see cref="Slack"/>, the text was checked and counted but not kept.</param>
    /// <returns>False when it has the end symbol, or padding that is not fewer than eight ones.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> coded, Span<byte> room, out int length)
    {
        uint[] table = Table;
        ulong window = 0;
        int bits = 0;
        int from = 0;
        int to = 0;
        int lost = 0;
        length = 0;

        while (true)
        {
            if (coded.Length - from >= 8)
            {
                window |= BinaryPrimitives.ReadUInt64BigEndian(coded[from..]) >> bits;
                int octets = (63 - bits) >> 3;
                from += octets;
                bits += octets << 3;

                // Bits of an octet that was not counted yet come again with it: the same ones, at the same place.
            }
            else
            {
                if (bits < 64) window &= ~(Ones >> bits);
                while (bits <= 56 && from < coded.Length)
                {
                    window |= (ulong)coded[from++] << (56 - bits);
                    bits += 8;
                }

                if (from == coded.Length && bits < 64) window |= Ones >> bits;
            }

            bool last = from == coded.Length;
            while (bits >= HuffmanCode.Longest || last)
            {
                if (to + Slack > room.Length)
                {
                    lost += to;
                    to = 0;
                }

                uint entry = table[window >> (64 - IndexBits)];
                int taken = (int)(entry >> 16) & 0x1F;
                int symbols = (int)(entry >> 26);
                if (symbols != 0)
                {
                    if (taken > bits)
                    {
                        taken = (int)(entry >> 21) & 0x1F;
                        symbols = 1;
                        if (taken > bits) break;
                    }

                    room[to + 1] = (byte)(entry >> 8);
                    room[to] = (byte)entry;
                    to += symbols;
                }
                else
                {
                    taken = IndexBits + 1;
                    while (taken < HuffmanCode.Longest && (window >> 32) >= Beyond[taken]) taken++;
                    if (taken > bits) break;
                    int symbol = Ordered[(int)(window >> (64 - taken)) - Bases[taken]];
                    if (symbol == HuffmanCode.EndOfString) return false;
                    room[to++] = (byte)symbol;
                }

                // A shift by 64 would be none: taken is at most 30.
                window <<= taken;
                bits -= taken;
                if (last) window |= bits < 64 ? Ones >> bits : 0;
            }

            if (!last) continue;
            length = lost + to;
            return bits < 8 && (bits == 0 || window >> (64 - bits) == Ones >> (64 - bits));
        }
    }

    private static uint[] BuildTable()
    {
        var table = new uint[1 << IndexBits];
        for (int index = 0; index < table.Length; index++)
        {
            int first = SymbolAt(index, IndexBits);
            if (first < 0) continue;

            int firstBits = HuffmanCode.Lengths[first];
            int second = SymbolAt(index & ((1 << (IndexBits - firstBits)) - 1), IndexBits - firstBits);
            int bothBits = second < 0 ? firstBits : firstBits + HuffmanCode.Lengths[second];
            table[index] = (uint)first | ((uint)Math.Max(second, 0) << 8) | ((uint)bothBits << 16) | ((uint)firstBits << 21) | ((second < 0 ? 1u : 2u) << 26);
        }

        return table;
    }

    /// <summary>The symbol whose code these bits begin with, or -1.</summary>
    private static int SymbolAt(int bits, int count)
    {
        for (int symbol = 0; symbol < HuffmanCode.EndOfString; symbol++)
        {
            int length = HuffmanCode.Lengths[symbol];
            if (length <= count && bits >> (count - length) == HuffmanCode.Codes[symbol]) return symbol;
        }

        return -1;
    }

    private static ulong[] BuildBeyond()
    {
        var beyond = new ulong[HuffmanCode.Longest + 1];
        for (int symbol = 0; symbol <= HuffmanCode.EndOfString; symbol++)
        {
            int length = HuffmanCode.Lengths[symbol];
            beyond[length] = Math.Max(beyond[length], ((ulong)HuffmanCode.Codes[symbol] + 1) << (32 - length));
        }

        for (int length = 1; length < beyond.Length; length++) beyond[length] = Math.Max(beyond[length], beyond[length - 1]);
        return beyond;
    }

    private static int[] BuildBases()
    {
        var bases = new int[HuffmanCode.Longest + 1];
        int place = 0;
        foreach (ushort symbol in Ordered)
        {
            int length = HuffmanCode.Lengths[symbol];
            if (place == 0 || HuffmanCode.Lengths[Ordered[place - 1]] != length) bases[length] = (int)HuffmanCode.Codes[symbol] - place;
            place++;
        }

        return bases;
    }
}

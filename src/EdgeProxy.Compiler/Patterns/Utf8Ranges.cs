namespace EdgeProxy.Compiler.Patterns;

/// <summary>Splits a range of code points into sequences of byte ranges, each of which is exactly a block of their UTF-8.</summary>
internal static class Utf8Ranges
{
    /// <summary>Adds the sequences of a range: the first and the last value of each byte. Surrogates are taken as the three bytes they would have.</summary>
    public static void Add(int from, int to, List<byte[]> sequences)
    {
        // The greatest code points of one, two and three bytes.
        ReadOnlySpan<int> lasts = [0x7F, 0x7FF, 0xFFFF];
        foreach (int last in lasts)
        {
            if (from > last || to <= last) continue;
            Add(from, last, sequences);
            Add(last + 1, to, sequences);
            return;
        }

        // Where the bytes before differ, the bytes behind must run through all their values.
        for (int i = 1; i <= 3 && to > 0x7F; i++)
        {
            int mask = (1 << (6 * i)) - 1;
            if ((from & ~mask) == (to & ~mask)) continue;
            int cut = (from & mask) != 0 ? from | mask : (to & mask) != mask ? (to & ~mask) - 1 : -1;
            if (cut < 0) continue;
            Add(from, cut, sequences);
            Add(cut + 1, to, sequences);
            return;
        }

        byte[] first = Encode(from);
        byte[] final = Encode(to);
        var sequence = new byte[first.Length * 2];
        for (int i = 0; i < first.Length; i++) (sequence[i * 2], sequence[(i * 2) + 1]) = (first[i], final[i]);
        sequences.Add(sequence);
    }

    private static byte[] Encode(int codePoint) => codePoint switch
    {
        < 0x80 => [(byte)codePoint],
        < 0x800 => [(byte)(0xC0 | (codePoint >> 6)), Rest(codePoint, 0)],
        < 0x10000 => [(byte)(0xE0 | (codePoint >> 12)), Rest(codePoint, 6), Rest(codePoint, 0)],
        _ => [(byte)(0xF0 | (codePoint >> 18)), Rest(codePoint, 12), Rest(codePoint, 6), Rest(codePoint, 0)],
    };

    private static byte Rest(int codePoint, int shift) => (byte)(0x80 | ((codePoint >> shift) & 0x3F));
}

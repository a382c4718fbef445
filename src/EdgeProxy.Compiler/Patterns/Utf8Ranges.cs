namespace EdgeProxy.Compiler.Patterns;

/// <summary>Splits a range of code points into sequences of byte ranges, each of which is exactly a block of their UTF-8.</summary>
internal static class Utf8Ranges
{
    /// <summary>The sequences of a range. Surrogates are taken as the three bytes they would have.</summary>
    public static IEnumerable<(byte From, byte To)[]> Of(int from, int to)
    {
        // The greatest code points of one, two and three bytes.
        foreach (int last in (int[])[0x7F, 0x7FF, 0xFFFF])
        {
            if (from > last || to <= last) continue;
            foreach ((byte, byte)[] sequence in Of(from, last)) yield return sequence;
            foreach ((byte, byte)[] sequence in Of(last + 1, to)) yield return sequence;
            yield break;
        }

        if (to <= 0x7F)
        {
            yield return [((byte)from, (byte)to)];
            yield break;
        }

        // Where the bytes before differ, the bytes behind must run through all their values.
        for (int i = 1; i <= 3; i++)
        {
            int mask = (1 << (6 * i)) - 1;
            if ((from & ~mask) == (to & ~mask)) continue;
            int cut = (from & mask) != 0 ? from | mask : (to & mask) != mask ? (to & ~mask) - 1 : -1;
            if (cut < 0) continue;
            foreach ((byte, byte)[] sequence in Of(from, cut)) yield return sequence;
            foreach ((byte, byte)[] sequence in Of(cut + 1, to)) yield return sequence;
            yield break;
        }

        byte[] first = Encode(from);
        byte[] second = Encode(to);
        yield return [.. first.Zip(second)];
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

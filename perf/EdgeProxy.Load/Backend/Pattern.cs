namespace EdgeProxy.Load.Backend;

/// <summary>The content of made-up bodies: the alphabet over and over, so that a hole or a repeat shows.</summary>
internal static class Pattern
{
    private const int Period = 26;

    /// <summary>A block whose length is a whole number of periods.</summary>
    public static readonly byte[] Block = Make(Period * 8192);

    /// <summary>Writes the content that stands at <paramref name="offset"/> of a body.</summary>
    public static void Fill(Span<byte> content, long offset)
    {
        for (int index = 0; index < content.Length; index++) content[index] = (byte)('a' + ((offset + index) % Period));
    }

    private static byte[] Make(int length)
    {
        byte[] block = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        Fill(block, 0);
        return block;
    }
}

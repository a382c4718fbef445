namespace EdgeProxy.Gateway.Compression;

/// <summary>Some of the content codings.</summary>
internal readonly record struct CodingSet(byte Bits)
{
    public bool IsEmpty => Bits == 0;

    /// <summary>A set of those.</summary>
    public static CodingSet Of(params ReadOnlySpan<ContentCoding> codings)
    {
        int bits = 0;
        foreach (ContentCoding coding in codings) bits |= 1 << (int)coding;
        return new CodingSet((byte)bits);
    }

    public bool Has(ContentCoding coding) => (Bits & (1 << (int)coding)) != 0;

    /// <summary>The set and one more.</summary>
    public CodingSet With(ContentCoding coding) => new((byte)(Bits | (1 << (int)coding)));
}

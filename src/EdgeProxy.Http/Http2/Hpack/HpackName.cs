namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>A field name as the encoder knows it.</summary>
internal struct HpackName
{
    /// <summary>Where its lower-case spelling lies in <see cref="HpackNames.Bytes"/>.</summary>
    public int Start;

    public int Length;

    /// <summary>Of its first entry in the static table, or 0.</summary>
    public byte StaticIndex;

    public IndexingPolicy Policy;

    public uint Hash;
}

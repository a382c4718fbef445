namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>How large a decoded field block may be.</summary>
/// <param name="ListSize">Bytes of all names and values, and 32 more for each field, as SETTINGS_MAX_HEADER_LIST_SIZE counts: setting <c>h2.maxHeaderList</c>.</param>
/// <param name="FieldCount">Fields, pseudo-headers not counted: setting <c>limits.headerCount</c>.</param>
public readonly record struct HpackLimits(int ListSize, int FieldCount)
{
    /// <summary>
    /// How far a block over <see cref="ListSize"/> is still followed, so that the tables stay equal and the connection lives. Beyond,
    /// the sender is not clumsy but at work: one byte of a block can stand for 4 KB.
    /// </summary>
    public long Excess => Math.Max(8L * ListSize, 64 * 1024);
}

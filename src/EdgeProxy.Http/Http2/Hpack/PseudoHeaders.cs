namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>Where a block's pseudo-headers lie in the table that was filled with it. None comes twice, and none after a field.</summary>
public struct PseudoHeaders
{
    private byte _present;

    public BlockPart Method;
    public BlockPart Scheme;
    public BlockPart Authority;
    public BlockPart Path;
    public BlockPart Status;

    /// <summary>Whether it was sent; its value may still be empty.</summary>
    public readonly bool Has(PseudoHeader pseudo) => (_present & (1 << (int)pseudo)) != 0;

    /// <summary>Records one; false when it may not stand in such a block, or stood there already.</summary>
    internal bool TryAdd(PseudoHeader pseudo, FieldBlockKind kind, BlockPart value)
    {
        bool allowed = kind switch
        {
            FieldBlockKind.Request => pseudo is PseudoHeader.Method or PseudoHeader.Scheme or PseudoHeader.Authority or PseudoHeader.Path,
            FieldBlockKind.Response => pseudo == PseudoHeader.Status,
            _ => false,
        };
        if (!allowed || Has(pseudo)) return false;

        _present |= (byte)(1 << (int)pseudo);
        switch (pseudo)
        {
            case PseudoHeader.Method: Method = value; break;
            case PseudoHeader.Scheme: Scheme = value; break;
            case PseudoHeader.Authority: Authority = value; break;
            case PseudoHeader.Path: Path = value; break;
            default: Status = value; break;
        }

        return true;
    }
}

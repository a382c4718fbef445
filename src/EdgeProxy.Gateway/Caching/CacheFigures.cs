namespace EdgeProxy.Gateway.Caching;

/// <summary>What a cache holds, and has done so far.</summary>
/// <param name="Entries">Entries that can be found, expired ones among them.</param>
/// <param name="Bytes">Memory that segments take, whether full or not: the budget at most.</param>
/// <param name="IndexBytes">Memory that finding them takes besides: 16 to 48 bytes for each entry of the time when there were most.</param>
/// <param name="Evicted">Entries given up for others.</param>
/// <param name="Refused">Entries for which no room could be made.</param>
internal readonly record struct CacheFigures(long Entries, long Bytes, long IndexBytes, long Evicted, long Refused)
{
    public static CacheFigures operator +(CacheFigures left, CacheFigures right) =>
        new(left.Entries + right.Entries, left.Bytes + right.Bytes, left.IndexBytes + right.IndexBytes, left.Evicted + right.Evicted, left.Refused + right.Refused);
}

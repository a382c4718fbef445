namespace EdgeProxy.Gateway.Caching;

/// <summary>Spells <see cref="CacheOutcome"/> for labels, logs and clients.</summary>
internal static class CacheOutcomes
{
    public static string LabelOf(CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.Hit => "hit",
        CacheOutcome.Miss => "miss",
        CacheOutcome.Bypass => "bypass",
        CacheOutcome.Refresh => "refresh",
        CacheOutcome.Revalidated => "revalidated",
        CacheOutcome.Stale => "stale",
        CacheOutcome.Coalesced => "coalesced",
        _ => "",
    };

    public static ReadOnlySpan<byte> NameOf(CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.Hit => "hit"u8,
        CacheOutcome.Miss => "miss"u8,
        CacheOutcome.Bypass => "bypass"u8,
        CacheOutcome.Refresh => "refresh"u8,
        CacheOutcome.Revalidated => "revalidated"u8,
        CacheOutcome.Stale => "stale"u8,
        CacheOutcome.Coalesced => "coalesced"u8,
        _ => default,
    };
}

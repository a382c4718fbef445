namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>The directives of Cache-Control that have no number (RFC 9111, 5.2).</summary>
[Flags]
internal enum CacheDirectives : ushort
{
    None = 0,

    /// <summary>Also said by what cannot be read to its end: nobody knows what it forbids.</summary>
    NoStore = 1,

    /// <summary>With names of fields it counts for the whole answer, which is stricter than asked for and allowed (5.2.2.4).</summary>
    NoCache = 2,

    /// <summary>With names of fields likewise (5.2.2.7).</summary>
    Private = 4,

    Public = 8,

    MustRevalidate = 16,

    ProxyRevalidate = 32,

    MustUnderstand = 64,

    NoTransform = 128,

    OnlyIfCached = 256,

    /// <summary><c>max-stale</c> without a number: an answer of any age will do.</summary>
    AnyStale = 512,
}

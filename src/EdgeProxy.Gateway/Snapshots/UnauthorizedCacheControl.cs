namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What a caller gets who asks to pass the cache by and may not (<c>unauthorizedCacheControlHeaderStrategy</c>).</summary>
internal enum UnauthorizedCacheControl : byte
{
    /// <summary>An answer as if nothing had been asked, with a warning.</summary>
    Warn,

    /// <summary>An answer as if nothing had been asked.</summary>
    Ignore,

    /// <summary>403.</summary>
    Refuse,
}

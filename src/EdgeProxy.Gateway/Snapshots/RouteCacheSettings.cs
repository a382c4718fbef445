namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How the answers of a route are cached.</summary>
/// <param name="TimeToLive">How long an answer is used, in nanoseconds; above 0.</param>
internal sealed record RouteCacheSettings(long TimeToLive)
{
    /// <summary>Of a route whose policy says what is cached, where the stage does not.</summary>
    public static RouteCacheSettings OfPolicy { get; } = new(300_000_000_000);

    /// <summary>Whether only callers who may invalidate make a request pass the cache by with <c>Cache-Control: max-age=0</c>.</summary>
    public bool RequiresAuthorization { get; init; } = true;

    /// <summary>What the others get.</summary>
    public UnauthorizedCacheControl Unauthorized { get; init; }

    /// <summary>The field that tells clients what the cache did; empty for none.</summary>
    public Utf8Text StatusHeader { get; init; }
}

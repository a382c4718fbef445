using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>How answers of an API, or of one of its methods, are cached. What a method leaves null comes from its API.</summary>
internal sealed record CacheSettings
{
    /// <summary>The settings that may stand below a method.</summary>
    public static readonly string[] Names = ["enabled", "ttl", "requireAuthorizationForCacheControl", "unauthorizedCacheControlHeaderStrategy"];

    private const long Second = 1_000_000_000;

    /// <summary>Whether they are: those of GET for an API, all for a method.</summary>
    public bool? Enabled { get; init; }

    /// <summary>How long an answer is used, in nanoseconds.</summary>
    public long? Ttl { get; init; }

    /// <summary>Whether only callers who are allowed to may pass the cache by.</summary>
    public bool? RequireAuthorization { get; init; }

    /// <summary>What the others get.</summary>
    public UnauthorizedCacheControlStrategy? Unauthorized { get; init; }

    /// <summary>In whole seconds, a fraction counted as one.</summary>
    public int? TtlInSeconds => Ttl is { } ttl ? (int)((ttl + Second - 1) / Second) : null;

    /// <summary>Puts one of the settings in, by its name and as it was parsed.</summary>
    public CacheSettings With(string name, object value) => name switch
    {
        "enabled" => this with { Enabled = (bool)value },
        "ttl" => this with { Ttl = (long)value },
        "requireAuthorizationForCacheControl" => this with { RequireAuthorization = (bool)value },
        _ => this with { Unauthorized = StrategyOf((string)value) },
    };

    /// <summary>With what another leaves unsaid taken from this one.</summary>
    public CacheSettings Overlaid(CacheSettings? other) => other is null ? this : this with
    {
        Enabled = other.Enabled,
        Ttl = other.Ttl ?? Ttl,
        RequireAuthorization = other.RequireAuthorization ?? RequireAuthorization,
        Unauthorized = other.Unauthorized ?? Unauthorized,
    };

    private static UnauthorizedCacheControlStrategy StrategyOf(string word) => word switch
    {
        "FAIL_WITH_403" => UnauthorizedCacheControlStrategy.FailWith403,
        "SUCCEED_WITHOUT_RESPONSE_HEADER" => UnauthorizedCacheControlStrategy.SucceedWithoutResponseHeader,
        _ => UnauthorizedCacheControlStrategy.SucceedWithResponseHeader,
    };
}

namespace EdgeProxy.Definitions;

/// <summary>Settings of a stage for one method or for all.</summary>
public sealed record MethodSettingsDefinition
{
    /// <summary>The path of the resource they hold for, as the API writes it; <c>*</c> for all.</summary>
    public required string ResourcePath { get; init; }

    /// <summary>The verb they hold for; <c>*</c> for all.</summary>
    public required string Verb { get; init; }

    /// <summary>Where it is written.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Requests a second in the steady state; null for no limit.</summary>
    public double? ThrottlingRateLimit { get; init; }

    /// <summary>Requests at once; null for no limit.</summary>
    public int? ThrottlingBurstLimit { get; init; }

    /// <summary>Whether responses are cached, where the stage has a cache; null for the default: those of GET.</summary>
    public bool? CachingEnabled { get; init; }

    /// <summary>How many requests may be under way at once; null for any number.</summary>
    public ConcurrencyDefinition? Concurrency { get; init; }

    /// <summary>Seconds a cached response lives; null for the default (300).</summary>
    public int? CacheTtlInSeconds { get; init; }

    /// <summary>Whether only callers who are allowed to make requests pass the cache by (<c>Cache-Control: max-age=0</c>).</summary>
    public bool RequireAuthorizationForCacheControl { get; init; } = true;

    /// <summary>What the others get.</summary>
    public UnauthorizedCacheControlStrategy UnauthorizedCacheControlHeaderStrategy { get; init; }

    /// <summary><c>OFF</c>, <c>ERROR</c> or <c>INFO</c>; null for the default.</summary>
    public string? LoggingLevel { get; init; }

    /// <summary>True to log whole requests and responses.</summary>
    public bool DataTraceEnabled { get; init; }

    /// <summary>True for metrics by method.</summary>
    public bool MetricsEnabled { get; init; }
}

namespace EdgeProxy.Definitions;

/// <summary>CORS of an HTTP API.</summary>
public sealed record CorsDefinition
{
    /// <summary>The object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Allowed origins.</summary>
    public IReadOnlyList<string> AllowOrigins { get; init; } = [];

    /// <summary>Allowed methods.</summary>
    public IReadOnlyList<string> AllowMethods { get; init; } = [];

    /// <summary>Allowed headers.</summary>
    public IReadOnlyList<string> AllowHeaders { get; init; } = [];

    /// <summary>Exposed headers.</summary>
    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    /// <summary>True to allow credentials.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary>Seconds a preflight may be cached, or null.</summary>
    public int? MaxAge { get; init; }
}

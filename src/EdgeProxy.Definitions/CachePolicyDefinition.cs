namespace EdgeProxy.Definitions;

/// <summary><c>x-edgeproxy-cache</c>: what the cache does beyond API Gateway. Of an operation, or of an API for all of them.</summary>
public sealed record CachePolicyDefinition
{
    /// <summary>The object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Whether answers are cached by what they say themselves, as RFC 9111 has it, whatever the stage says.</summary>
    public bool? Rfc9111 { get; init; }

    /// <summary>Which part of the time since its last change an answer that does not say stays fresh; null for none (RFC 9111, 4.2.2).</summary>
    public int? HeuristicPercent { get; init; }

    /// <summary>Seconds for answers that do not say (RFC 5861, 3); null for none.</summary>
    public int? StaleWhileRevalidate { get; init; }

    /// <summary>Seconds for answers that do not say (RFC 5861, 4); null for none.</summary>
    public int? StaleIfError { get; init; }

    /// <summary>Seconds that an expired answer with a validator is kept; null for the default.</summary>
    public int? KeepExpired { get; init; }

    /// <summary>Whether Cache-Control of requests counts; null for yes.</summary>
    public bool? HonorRequests { get; init; }

    /// <summary>Whether one request fetches what others wait for.</summary>
    public bool? Coalesce { get; init; }

    /// <summary>Whether a stored answer is compressed once, and that stored as well.</summary>
    public bool? CompressedVariants { get; init; }

    /// <summary>Takes what is not said here from the API's.</summary>
    public CachePolicyDefinition Over(CachePolicyDefinition? api) => api is null ? this : this with
    {
        Rfc9111 = Rfc9111 ?? api.Rfc9111,
        HeuristicPercent = HeuristicPercent ?? api.HeuristicPercent,
        StaleWhileRevalidate = StaleWhileRevalidate ?? api.StaleWhileRevalidate,
        StaleIfError = StaleIfError ?? api.StaleIfError,
        KeepExpired = KeepExpired ?? api.KeepExpired,
        HonorRequests = HonorRequests ?? api.HonorRequests,
        Coalesce = Coalesce ?? api.Coalesce,
        CompressedVariants = CompressedVariants ?? api.CompressedVariants,
    };
}

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A custom domain: the stages behind it, and what it asks of the TLS handshakes made for it.</summary>
internal sealed class DomainPlan
{
    /// <param name="mappings">The stages by base path.</param>
    public DomainPlan(BasePathTable mappings) => Mappings = mappings;

    public BasePathTable Mappings { get; }

    /// <summary>Mappings by names, the longest base path first; those of the management API.</summary>
    public ApiMapping[] ApiMappings { get; init; } = [];

    /// <summary>Rules that are tried before any mapping, by priority.</summary>
    public RoutingRulePlan[] RoutingRules { get; init; } = [];

    /// <summary>Whether mappings are tried where no rule takes a request (<c>ROUTING_RULE_ONLY</c> says no).</summary>
    public bool UsesMappings { get; init; } = true;

    /// <summary>The identity of the trust store that client certificates must chain to; null where none is asked for.</summary>
    public string? TrustStore { get; init; }

    /// <summary>Whether a client without a trusted certificate is cut off rather than answered 403.</summary>
    public bool CutsUntrusted { get; init; }

    /// <summary>Whether the name asked for in the handshake must be the one in the request (<c>endpointAccessMode: STRICT</c>).</summary>
    public bool IsStrict { get; init; }
}

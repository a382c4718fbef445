namespace EdgeProxy.Definitions;

/// <summary>A custom domain name as an operator wrote it.</summary>
public sealed record DomainDefinition
{
    /// <summary>In lower case; <c>*.example.com</c> stands for one more label.</summary>
    public required string Name { get; init; }

    /// <summary>TLS policy name, or null for the node's.</summary>
    public string? SecurityPolicy { get; init; }

    /// <summary>Whether the name of the handshake must be that of the request (<c>STRICT</c>).</summary>
    public bool IsStrict { get; init; }

    /// <summary>Null when clients need no certificate.</summary>
    public MutualTlsDefinition? MutualTls { get; init; }

    /// <summary>Where its paths lead, beside what files mount there.</summary>
    public IReadOnlyList<ApiMappingDefinition> ApiMappings { get; init; } = [];

    /// <summary>Rules that are tried before any mapping, in any order.</summary>
    public IReadOnlyList<RoutingRuleDefinition> RoutingRules { get; init; } = [];

    /// <summary>Whether mappings are tried where no rule takes a request (<c>ROUTING_RULE_ONLY</c> says no).</summary>
    public bool UsesMappings { get; init; } = true;

    /// <summary>Whether it is for some networks alone. It is not served, because nothing here tells who may call it: every request answers 403.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Where it is written.</summary>
    public Origin? Origin { get; init; }
}

using EdgeProxy.Gateway.Responses;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The customised gateway responses of a deployment, and the rule by which one is found (rest-api.md 3.2).</summary>
internal sealed class GatewayResponses
{
    private readonly GatewayResponsePlan?[] _plans = new GatewayResponsePlan?[(int)GatewayResponseType.WafFiltered + 1];

    /// <param name="plans">By type.</param>
    public GatewayResponses(IEnumerable<KeyValuePair<GatewayResponseType, GatewayResponsePlan>> plans)
    {
        foreach ((GatewayResponseType type, GatewayResponsePlan plan) in plans) _plans[(int)type] = plan;

        // It can be written, and has no effect.
        _plans[(int)GatewayResponseType.RequestTooLarge] = null;
    }

    /// <summary>Nothing customised.</summary>
    public static GatewayResponses None { get; } = new([]);

    /// <summary>What a type itself was customised to; null when it was not.</summary>
    public GatewayResponsePlan? OwnOrNull(GatewayResponseType type) => _plans[(int)type];

    /// <summary>The plan for a fault: its type's own, whole, or else its family's; null for the standard form.</summary>
    public GatewayResponsePlan? PlanOrNull(Fault fault)
    {
        if (fault.Type is GatewayResponseType.None or GatewayResponseType.RequestTooLarge) return null;
        return _plans[(int)fault.Type] ?? _plans[(int)(fault.Status < 500 ? GatewayResponseType.Default4xx : GatewayResponseType.Default5xx)];
    }
}

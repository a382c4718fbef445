using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>
/// Everything needed to serve one route, worked out when its deployment was compiled. Immutable, and shared by all stages that
/// point at the deployment: what belongs to a stage (variables, settings, live state) stands in the <see cref="StagePlan"/>,
/// at this route's ordinal.
/// </summary>
internal sealed class RoutePlan
{
    /// <summary>The number that the route table's builder gave the route; its place in every array by route.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The resource path as written, such as <c>/pets/{id}</c>.</summary>
    public required Utf8Text ResourcePath { get; init; }

    /// <summary>The method as written: one of the seven, or <c>ANY</c>.</summary>
    public required Utf8Text Method { get; init; }

    /// <summary>Names of the path parameters from left to right, as in the route's template.</summary>
    public Utf8Text[] ParameterNames { get; init; } = [];

    /// <summary>Whether the last parameter takes the rest of the path.</summary>
    public bool IsGreedy { get; init; }

    /// <summary>The resource's generated id, for <c>$context.resourceId</c>.</summary>
    public Utf8Text ResourceId { get; init; }

    /// <summary>The operation's name (<c>operationId</c>); empty for none.</summary>
    public Utf8Text OperationName { get; init; }

    /// <summary>Where the API key comes from that a request needs; None for a route without.</summary>
    public ApiKeySource ApiKeySource { get; init; }

    public BodyNeed RequestBody { get; init; } = BodyNeed.None;

    /// <summary>How much of the integration's body must be here before its answer is mapped: None, or Whole.</summary>
    public BodyNeed ResponseBody { get; init; } = BodyNeed.None;

    /// <summary>What its request validator asks for.</summary>
    public ValidationPlan Validation { get; init; } = ValidationPlan.None;

    /// <summary>What the keys of its cached answers are made of; null where answers cannot be cached, whatever the stage says.</summary>
    public CacheKeyPlan? CacheKey { get; init; } = CacheKeyPlan.OfResource;

    /// <summary>What the cache does for it beyond API Gateway; null for nothing.</summary>
    public CachePolicy? CachePolicy { get; init; }

    /// <summary>What answers; <see cref="ClosedPlan.Instance"/> for a route that is served closed.</summary>
    public required IntegrationPlan Integration { get; init; }

    /// <summary>
    /// The gateway response that answers every request, for a route that needs something unsupported (architecture.md 4):
    /// <see cref="GatewayResponseType.AuthorizerConfigurationError"/> or <see cref="GatewayResponseType.ApiConfigurationError"/>.
    /// <see cref="GatewayResponseType.None"/> for a route that is open.
    /// </summary>
    public GatewayResponseType ClosedBy { get; init; }
}

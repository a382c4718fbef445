using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>An HTTP API in one call: from its <c>target</c> an integration, a route and a stage that deploys itself (control-plane.md 2.4, "Quick create").</summary>
/// <remarks>These three are <c>apiGatewayManaged</c>; changing the API's <c>target</c>, <c>routeKey</c> and <c>credentialsArn</c> changes them.</remarks>
internal static class QuickCreate
{
    private const string Managed = "apiGatewayManaged";

    /// <summary>What a create asks for; null when it was done, or nothing was to do.</summary>
    public static Reply? Run(Call call, ApiPlace api)
    {
        if (Refused(call, api) is { } refused) return refused;
        string? target = Text(call, "target");
        if (target is null)
        {
            return Text(call, "routeKey") is not null || Text(call, "credentialsArn") is not null
                ? Reply.BadRequest("routeKey and credentialsArn are supported only with a target")
                : null;
        }

        WireValue integration = WireValue.NewObject().Set(Managed, true);
        if (Aim(call, api, integration) is { } wrong) return wrong;
        string integrationId = Ids.New(Ids.Short);
        call.Book.Put(api.Scope, Kinds.Integration, integrationId, integration.Set("integrationId", integrationId));

        WireValue route = WireValue.NewObject().Set(Managed, true).Set("routeKey", Text(call, "routeKey") ?? "$default").Set("target", RouteOperations.TargetOf(integrationId));
        if (RouteOperations.Complete(call.Book, api, route, "") is { } fault) return fault;
        string routeId = Ids.New(Ids.Short);
        call.Book.Put(api.Scope, Kinds.Route, routeId, route.Set("routeId", routeId));

        WireValue stage = StageOperations.New(call, api, "$default").Set(Managed, true).Set("autoDeploy", true);
        call.Book.Put(api.Scope, Kinds.Stage, "$default", stage);
        return null;
    }

    /// <summary>What a change of the API asks of the managed parts; null when it was done, or nothing was to do.</summary>
    public static Reply? Update(Call call, ApiPlace api)
    {
        if (Refused(call, api) is { } refused) return refused;
        bool isAimed = Text(call, "target") is not null || call.Body["credentialsArn"] is { IsText: true };
        if (isAimed)
        {
            if (ManagedOrNull(call, api, Kinds.Integration) is not { } integration) return Reply.BadRequest("target and credentialsArn are supported only for APIs that were created with a target");
            WireValue value = integration.Open();
            if (Aim(call, api, value) is { } wrong) return wrong;
            call.Book.Put(api.Scope, Kinds.Integration, integration.Key, value);
        }

        if (Text(call, "routeKey") is not { } key) return null;
        if (ManagedOrNull(call, api, Kinds.Route) is not { } record) return Reply.BadRequest("routeKey is supported only for APIs that were created with a target");
        WireValue route = record.Open().Set("routeKey", key);
        if (RouteOperations.Complete(call.Book, api, route, record.Key) is { } fault) return fault;
        call.Book.Put(api.Scope, Kinds.Route, record.Key, route);
        return null;
    }

    // Has an integration call what the call names.
    private static Reply? Aim(Call call, ApiPlace api, WireValue integration)
    {
        if (Text(call, "target") is { } target)
        {
            bool isUrl = target.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || target.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
            integration.Set("integrationType", isUrl ? "HTTP_PROXY" : "AWS_PROXY")
                .Set("integrationUri", target)
                .Set("integrationMethod", isUrl ? "ANY" : "POST")
                .Set("payloadFormatVersion", isUrl ? "1.0" : "2.0");
        }

        if (call.Body["credentialsArn"] is { IsText: true }) integration.Set("credentialsArn", Text(call, "credentialsArn"));
        return IntegrationOperations.Complete(call.Book, api, integration);
    }

    private static Reply? Refused(Call call, ApiPlace api)
    {
        foreach (string member in (ReadOnlySpan<string>)["target", "routeKey", "credentialsArn"])
        {
            if (!api.IsHttp && Text(call, member) is not null) return ApiOperations.OnlyFor(member, "HTTP");
        }

        return null;
    }

    private static Record? ManagedOrNull(Call call, ApiPlace api, string kind)
    {
        foreach (Record record in call.Book.All(api.Scope, kind))
        {
            if (record.Open().IsTrueOf(Managed)) return record;
        }

        return null;
    }

    private static string? Text(Call call, string member) => call.Body.TextOf(member) is { Length: > 0 } text ? text : null;
}

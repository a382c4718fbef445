using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What stands behind methods (control-plane.md 1.5). An integration is a member of its method's record.</summary>
internal static class IntegrationOperations
{
    private static readonly PatchRule[] s_rules =
    [
        new("/cacheKeyParameters", "ARD", PatchType.List), new("/cacheKeyParameters/{name}", "ARD", PatchType.ListItem), new("/cacheNamespace", "R"), new("/connectionId", "R"), new("/connectionType", "R"),
        new("/contentHandling", "R"), new("/credentials", "R"), new("/integrationTarget", "R"), new("/passthroughBehavior", "R"), new("/responseTransferMode", "R"),
        new("/timeoutInMillis", "R", PatchType.Integer), new("/tlsConfig/insecureSkipVerification", "R", PatchType.Boolean), new("/requestParameters/{key}", "ARD"), new("/requestTemplates/{key}", "ARD"),
    ];

    // Of those with a back end.
    private static readonly PatchRule[] s_rulesWithUri = [.. s_rules, new("/httpMethod", "R"), new("/uri", "R")];

    private static readonly PatchDialect s_dialect = new(PatchDialect.Short) { MissingKey = RestLookup.MissingKey };

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetIntegration", "GET /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration", 200, "", Get),
        new("PutIntegration", "PUT /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration", 201,
            "type*:enum<IntegrationType> httpMethod:str uri:str connectionType:enum<ConnectionType> connectionId:str credentials:str requestParameters:map<str> requestTemplates:map<str> passthroughBehavior:str cacheNamespace:str cacheKeyParameters:[str] contentHandling:enum<ContentHandlingStrategy> timeoutInMillis:int tlsConfig:TlsConfig responseTransferMode:enum<ResponseTransferMode> integrationTarget:str",
            Put),
        new("UpdateIntegration", "PATCH /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration", 200, PatchDocument.Members, Update),
        new("DeleteIntegration", "DELETE /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration", 204, "", Delete),
    ];

    private static Reply Get(Call call) => RestLookup.TryIntegration(call, out _, out WireValue? integration, out Reply? fault) ? Reply.Of(integration) : fault;

    private static Reply Put(Call call)
    {
        if (!RestLookup.TryMethod(call, out Records.Record? record, out Reply? unknown)) return unknown;
        WireValue method = record.Open();
        WireValue integration = WireValue.NewObject().Take(
            call.Body, "type", "httpMethod", "uri", "connectionType", "connectionId", "credentials", "requestParameters", "requestTemplates", "passthroughBehavior", "contentHandling", "timeoutInMillis",
            "cacheNamespace", "cacheKeyParameters", "tlsConfig", "responseTransferMode", "integrationTarget");
        SetDefaults(call, integration);
        if (IntegrationRules.Check(call, integration, method) is { } wrong) return wrong;

        // Puts in the place of what was there, its responses with it.
        method["methodIntegration"] = integration;
        RestLookup.PutMethod(call, method);
        return Reply.Of(integration);
    }

    private static Reply Update(Call call)
    {
        if (!RestLookup.TryIntegration(call, out WireValue? method, out WireValue? integration, out Reply? unknown)) return unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        PatchRule[] rules = integration.TextOf("type") == "MOCK" ? s_rules : s_rulesWithUri;
        foreach (PatchOperation operation in operations)
        {
            // Clients name a key parameter again that is there already, and mean no change.
            bool isNamed = operation is { Op: PatchOp.Replace, Segments: ["cacheKeyParameters", _] } && string.IsNullOrEmpty(operation.Value);
            if (isNamed && integration.TextsOf("cacheKeyParameters").Contains(operation.Segments[1])) continue;
            if (ApplyPatch.RunOne(integration, operation, rules, s_dialect) is { } refused) return refused;
        }

        RestLookup.DropEmpty(integration, "connectionId", "connectionType", "contentHandling", "credentials", "integrationTarget", "passthroughBehavior", "responseTransferMode");
        RestLookup.DropEmptyMaps(integration, "requestParameters", "requestTemplates");
        SetDefaults(call, integration);
        if (IntegrationRules.Check(call, integration, method) is { } wrong) return wrong;
        RestLookup.PutMethod(call, method);
        return Reply.Of(integration);
    }

    private static void SetDefaults(Call call, WireValue integration)
    {
        if (integration["connectionType"] is null && integration.TextOf("type") is "HTTP" or "HTTP_PROXY") integration.Set("connectionType", "INTERNET");
        if (integration["passthroughBehavior"] is null) integration.Set("passthroughBehavior", "WHEN_NO_MATCH");
        if (integration["timeoutInMillis"] is null) integration.Set("timeoutInMillis", CheckOptions.ServiceTimeoutInMillis);
        if (string.IsNullOrEmpty(integration.TextOf("cacheNamespace"))) integration.Set("cacheNamespace", call.Path("resource_id"));
        integration.ListAt("cacheKeyParameters");
    }

    private static Reply Delete(Call call)
    {
        if (!RestLookup.TryIntegration(call, out WireValue? method, out _, out Reply? fault)) return fault;
        method["methodIntegration"] = null;
        RestLookup.PutMethod(call, method);
        return Reply.Empty;
    }
}

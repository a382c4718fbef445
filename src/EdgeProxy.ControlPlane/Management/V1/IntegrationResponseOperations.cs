using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>How answers of back ends become answers of methods (control-plane.md 1.5): members of their integration.</summary>
internal static class IntegrationResponseOperations
{
    private const string Target = "/restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration/responses/{status_code}";

    private static readonly string[] s_contentHandling = ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"];

    private static readonly PatchRule[] s_rules =
    [
        new("/contentHandling", "R"), new("/selectionPattern", "R"), new("/responseParameters/{key}", "ARD"), new("/responseTemplates/{key}", "ARD"),
    ];

    private static readonly PatchDialect s_dialect = new(PatchDialect.Short) { MissingKey = RestLookup.MissingKey };

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetIntegrationResponse", "GET " + Target, 200, "", Get),
        new("PutIntegrationResponse", "PUT " + Target, 201, "selectionPattern:str responseParameters:map<str> responseTemplates:map<str> contentHandling:enum<ContentHandlingStrategy>", Put),
        new("UpdateIntegrationResponse", "PATCH " + Target, 200, PatchDocument.Members, Update),
        new("DeleteIntegrationResponse", "DELETE " + Target, 204, "", Delete),
    ];

    private static Reply Get(Call call) => TryFind(call, out _, out _, out WireValue? response, out Reply? fault) ? Reply.Of(response) : fault;

    private static Reply Put(Call call)
    {
        if (RestLookup.WrongStatus(call) is { } noStatus) return noStatus;
        if (!RestLookup.TryIntegration(call, out WireValue? method, out WireValue? integration, out Reply? unknown)) return unknown;
        string status = call.Path("status_code");
        WireValue response = WireValue.NewObject().Set("statusCode", status).Take(call.Body, "selectionPattern", "responseParameters", "responseTemplates", "contentHandling");
        if (Check(method, status, response) is { } wrong) return wrong;
        integration.ObjectAt("integrationResponses")[status] = response;
        RestLookup.PutMethod(call, method);
        return Reply.Of(response);
    }

    private static Reply Update(Call call)
    {
        if (!TryFind(call, out WireValue? method, out _, out WireValue? response, out Reply? unknown)) return unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        if (ApplyPatch.Run(response, operations, s_rules, s_dialect) is { } refused) return refused;
        RestLookup.DropEmpty(response, "contentHandling");
        RestLookup.DropEmptyMaps(response, "responseParameters", "responseTemplates");
        if (Check(method, call.Path("status_code"), response) is { } wrong) return wrong;
        RestLookup.PutMethod(call, method);
        return Reply.Of(response);
    }

    private static Reply Delete(Call call)
    {
        if (!TryFind(call, out WireValue? method, out WireValue? integration, out _, out Reply? fault)) return fault;
        integration["integrationResponses"]![call.Path("status_code")] = null;
        RestLookup.DropEmptyMaps(integration, "integrationResponses");
        RestLookup.PutMethod(call, method);
        return Reply.Empty;
    }

    private static Reply? Check(WireValue method, string status, WireValue response)
    {
        // The method must have an answer for it to become.
        if (method["methodResponses"]?[status] is not { } methodResponse) return Reply.NotFound("Invalid Response status code specified");
        if (response.TextOf("contentHandling") is { } handling && Array.IndexOf(s_contentHandling, handling) < 0) return RestLookup.NotOneOf("contentHandling", s_contentHandling);
        if (response.TextOf("selectionPattern") is { Length: > 0 } pattern && new SelectionPattern(pattern) is { Fault: { } fault })
        {
            return Reply.BadRequest($"Invalid selection pattern specified: {fault}");
        }

        return (response["responseParameters"] is { } parameters ? MappingRules.CheckIntegrationResponse(parameters, methodResponse) : null)
            ?? MappingRules.CheckMediaTypes(response["responseTemplates"]);
    }

    private static bool TryFind(
        Call call, [NotNullWhen(true)] out WireValue? method, [NotNullWhen(true)] out WireValue? integration, [NotNullWhen(true)] out WireValue? response, [NotNullWhen(false)] out Reply? fault)
    {
        method = integration = response = null;
        fault = RestLookup.WrongStatus(call);
        if (fault is not null || !RestLookup.TryIntegration(call, out method, out integration, out fault)) return false;
        response = integration["integrationResponses"]?[call.Path("status_code")];
        fault = response is null ? Reply.NotFound("Invalid Response status code specified") : null;
        return response is not null;
    }
}

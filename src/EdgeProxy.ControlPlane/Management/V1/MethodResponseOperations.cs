using System.Diagnostics.CodeAnalysis;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What methods may answer (control-plane.md 1.5): members of their method's record.</summary>
internal static class MethodResponseOperations
{
    private const string Target = "/restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/responses/{status_code}";

    private static readonly PatchRule[] s_rules = [new("/responseModels/{key}", "ARD"), new("/responseParameters/{key}", "ARD", PatchType.Boolean)];
    private static readonly PatchDialect s_dialect = new(PatchDialect.Short) { MissingKey = RestLookup.MissingKey };

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetMethodResponse", "GET " + Target, 200, "", Get),
        new("PutMethodResponse", "PUT " + Target, 201, "responseParameters:map<bool> responseModels:map<str>", Put),

        // 201, as the service does.
        new("UpdateMethodResponse", "PATCH " + Target, 201, PatchDocument.Members, Update),
        new("DeleteMethodResponse", "DELETE " + Target, 204, "", Delete),
    ];

    private static Reply Get(Call call) => TryFind(call, out _, out WireValue? response, out Reply? fault) ? Reply.Of(response) : fault;

    private static Reply Put(Call call)
    {
        if (RestLookup.WrongStatus(call) is { } noStatus) return noStatus;
        if (!RestLookup.TryMethod(call, out Record? record, out Reply? unknown)) return unknown;
        string status = call.Path("status_code");
        WireValue method = record.Open();
        if (method["methodResponses"]?[status] is not null) return Reply.Conflict("Response already exists for this resource");
        WireValue response = WireValue.NewObject().Set("statusCode", status).Take(call.Body, "responseParameters", "responseModels");
        if (Check(call, response) is { } wrong) return wrong;
        method.ObjectAt("methodResponses")[status] = response;
        RestLookup.PutMethod(call, method);
        return Reply.Of(response);
    }

    private static Reply Update(Call call)
    {
        if (!TryFind(call, out WireValue? method, out WireValue? response, out Reply? unknown)) return unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        if (ApplyPatch.Run(response, operations, s_rules, s_dialect) is { } refused) return refused;
        RestLookup.DropEmptyMaps(response, "responseParameters", "responseModels");
        if (Check(call, response) is { } wrong) return wrong;
        RestLookup.PutMethod(call, method);
        return Reply.Of(response);
    }

    private static Reply Delete(Call call)
    {
        if (!TryFind(call, out WireValue? method, out _, out Reply? fault)) return fault;
        method["methodResponses"]![call.Path("status_code")] = null;
        RestLookup.DropEmptyMaps(method, "methodResponses");
        RestLookup.PutMethod(call, method);
        return Reply.Empty;
    }

    private static Reply? Check(Call call, WireValue response) =>
        (response["responseParameters"] is { } parameters ? MappingRules.CheckMethodResponse(parameters) : null) ?? MethodOperations.CheckModels(call, response["responseModels"]);

    private static bool TryFind(Call call, [NotNullWhen(true)] out WireValue? method, [NotNullWhen(true)] out WireValue? response, [NotNullWhen(false)] out Reply? fault)
    {
        method = null;
        response = null;
        fault = RestLookup.WrongStatus(call);
        if (fault is not null || !RestLookup.TryMethod(call, out Record? record, out fault)) return false;
        method = record.Open();
        response = method["methodResponses"]?[call.Path("status_code")];
        fault = response is null ? Reply.NotFound("Invalid Response status code specified") : null;
        return response is not null;
    }
}

using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>The gateway's own answers (control-plane.md 1.5). Only customised ones are records; the others are their defaults.</summary>
internal static class GatewayResponseOperations
{
    private const string Target = "/restapis/{restapi_id}/gatewayresponses/{response_type}";

    private static readonly PatchRule[] s_rules = [new("/statusCode", "R"), new("/responseParameters/{key}", "ARD"), new("/responseTemplates/{key}", "ARD")];
    private static readonly PatchRule[] s_wholeRules = [new("/responseParameters", "ARD"), new("/responseTemplates", "ARD")];
    private static readonly PatchDialect s_dialect = new(PatchDialect.Short) { MissingKey = RestLookup.MissingKey };

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetGatewayResponses", "GET /restapis/{restapi_id}/gatewayresponses", 200, "", List),
        new("GetGatewayResponse", "GET " + Target, 200, "", Get),
        new("PutGatewayResponse", "PUT " + Target, 201, "statusCode:str responseParameters:map<str> responseTemplates:map<str>", Put),
        new("UpdateGatewayResponse", "PATCH " + Target, 200, PatchDocument.Members, Update),
        new("DeleteGatewayResponse", "DELETE " + Target, 202, "", Delete),
    ];

    private static Reply List(Call call) => RestLookup.MissingApi(call) ?? Paging.List(call, GatewayResponseDefaults.Types, static type => type, type => JsonOf(call, type));

    private static Reply Get(Call call) => Missing(call) ?? Reply.Of(JsonOf(call, call.Path("response_type")));

    private static Reply Put(Call call)
    {
        if (Missing(call) is { } missing) return missing;
        string type = call.Path("response_type");
        if (call.Body.TextOf("statusCode") is { } status && RestLookup.StatusIsWrong(status, "putGatewayResponseInput.statusCode") is { } wrongStatus) return wrongStatus;

        // What is not given returns to its default.
        WireValue response = GatewayResponseDefaults.Of(type).Take(call.Body, "statusCode", "responseParameters", "responseTemplates").Set("defaultResponse", false);
        if (Check(response) is { } wrong) return wrong;
        call.Book.Put(RestLookup.ScopeOf(call), Kinds.GatewayResponse, type, response);
        return Reply.Of(response);
    }

    private static Reply Update(Call call)
    {
        if (Missing(call) is { } missing) return missing;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        string type = call.Path("response_type");
        WireValue response = call.Book.Find(RestLookup.ScopeOf(call), Kinds.GatewayResponse, type)?.Open() ?? GatewayResponseDefaults.Of(type);
        foreach (PatchOperation operation in operations)
        {
            if (Patch(response, operation) is { } refused) return refused;
        }

        // An empty status gives the type its own back.
        if (string.IsNullOrEmpty(response.TextOf("statusCode"))) response["statusCode"] = GatewayResponseDefaults.Of(type)["statusCode"];
        else if (RestLookup.StatusIsWrong(response.TextOf("statusCode")!, "statusCode") is { } wrongStatus) return wrongStatus;
        response.ObjectAt("responseParameters");
        response.ObjectAt("responseTemplates");
        response.Set("defaultResponse", false);
        if (Check(response) is { } wrong) return wrong;
        call.Book.Put(RestLookup.ScopeOf(call), Kinds.GatewayResponse, type, response);
        return Reply.Of(response);
    }

    private static Reply? Patch(WireValue response, PatchOperation operation)
    {
        bool isMap = operation.Segments is ["responseParameters" or "responseTemplates", ..];
        if (!isMap) return ApplyPatch.RunOne(response, operation, s_rules, s_dialect);
        string member = operation.Segments[0];
        if (operation.Segments.Length == 2)
        {
            bool isThere = response[member]?[operation.Segments[1]] is not null;
            if (operation.Op == PatchOp.Replace && !isThere) return RestLookup.MissingKey(operation);
            return operation.Op is PatchOp.Add or PatchOp.Replace && string.IsNullOrEmpty(operation.Value)
                ? Reply.BadRequest($"Invalid null or empty value in {member}")
                : ApplyPatch.RunOne(response, operation, s_rules, s_dialect);
        }

        // The whole map: its value is a JSON object.
        if (operation.Segments.Length > 2 || operation.Op == PatchOp.Copy) return ApplyPatch.RunOne(response, operation, s_wholeRules, s_dialect);
        if (operation.Op == PatchOp.Remove)
        {
            response[member] = WireValue.NewObject();
            return null;
        }

        if (string.IsNullOrEmpty(operation.Value) || !WireValue.TryParse(System.Text.Encoding.UTF8.GetBytes(operation.Value), out WireValue? map) || !IsTextMap(map))
        {
            return Reply.BadRequest($"Invalid null or empty value in {member}");
        }

        response[member] = map;
        return null;
    }

    private static bool IsTextMap(WireValue value)
    {
        foreach ((_, WireValue item) in value.Members)
        {
            if (!item.IsText) return false;
        }

        return value.IsObject;
    }

    private static Reply Delete(Call call)
    {
        if (Missing(call) is { } missing) return missing;
        return call.Book.Remove(RestLookup.ScopeOf(call), Kinds.GatewayResponse, call.Path("response_type")) ? Reply.Empty : Reply.NotFound("Gateway response type not defined on api");
    }

    private static Reply? Check(WireValue response) =>
        MappingRules.CheckGatewayResponse(response.ObjectAt("responseParameters")) ?? MappingRules.CheckMediaTypes(response["responseTemplates"]);

    private static Reply? Missing(Call call)
    {
        string type = call.Path("response_type");
        if (Array.IndexOf(GatewayResponseDefaults.Types, type) < 0) return CheckShape.Invalid([CheckShape.NotInSet(type, "responseType", GatewayResponseDefaults.Types)]);
        return RestLookup.MissingApi(call);
    }

    private static ReadOnlyMemory<byte> JsonOf(Call call, string type) =>
        call.Book.Find(RestLookup.ScopeOf(call), Kinds.GatewayResponse, type)?.Json ?? Inherited(call, type).ToBytes();

    // What nobody customised is as its family is, if that is customised (rest-api.md 3.2); a 413 is always the same.
    private static WireValue Inherited(Call call, string type)
    {
        WireValue response = GatewayResponseDefaults.Of(type);
        if (response.TextOf("statusCode") is not { } status || type == "REQUEST_TOO_LARGE") return response;
        Record? family = call.Book.Find(RestLookup.ScopeOf(call), Kinds.GatewayResponse, status[0] == '4' ? "DEFAULT_4XX" : "DEFAULT_5XX");
        return family is null ? response : response.Take(family.Open(), "statusCode", "responseParameters", "responseTemplates");
    }
}

using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Request validators (control-plane.md 1.5).</summary>
internal static class RequestValidatorOperations
{
    private const string Target = "/restapis/{restapi_id}/requestvalidators/{requestvalidator_id}";

    private static readonly PatchRule[] s_rules = [new("/name", "R"), new("/validateRequestBody", "R", PatchType.Boolean), new("/validateRequestParameters", "R", PatchType.Boolean)];
    private static readonly PatchDialect s_dialect = PatchDialect.Listed("/name, /validateRequestParameters, /validateRequestBody");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetRequestValidators", "GET /restapis/{restapi_id}/requestvalidators", 200, "", List),
        new("CreateRequestValidator", "POST /restapis/{restapi_id}/requestvalidators", 201, "name:str validateRequestBody:bool validateRequestParameters:bool", Create),
        new("GetRequestValidator", "GET " + Target, 200, "", Get),
        new("UpdateRequestValidator", "PATCH " + Target, 200, PatchDocument.Members, Update),
        new("DeleteRequestValidator", "DELETE " + Target, 202, "", Delete),
    ];

    private static Reply List(Call call) => RestLookup.MissingApi(call) ?? Paging.List(call, call.Book.All(RestLookup.ScopeOf(call), Kinds.RequestValidator));

    private static Reply Create(Call call)
    {
        if (RestLookup.InvalidApi(call) is { } unknown) return unknown;
        string scope = RestLookup.ScopeOf(call);
        if (call.Book.All(scope, Kinds.RequestValidator).Count >= call.Options.Limits.DefinitionsPerApi) return Reply.LimitExceeded(LimitNames.Definitions, "Maximum number of request validators for this API has been reached.");
        string id = Ids.New(Ids.Short, made => call.Book.Find(scope, Kinds.RequestValidator, made) is not null);
        WireValue validator = WireValue.NewObject().Set("id", id).Take(call.Body, "name", "validateRequestBody", "validateRequestParameters");
        SetDefaults(validator);
        if (validator.TextOf("name") is "") return NameIsBlank();
        call.Book.Put(scope, Kinds.RequestValidator, id, validator);
        return Reply.Of(validator);
    }

    private static Reply Get(Call call) => Find(call) is { } validator ? Reply.Of(validator) : Unknown();

    private static Reply Update(Call call)
    {
        if (Find(call) is not { } record) return Unknown();
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue validator = record.Open();
        foreach (PatchOperation operation in operations)
        {
            if (operation is { Op: PatchOp.Replace, Path: "/name" } && string.IsNullOrEmpty(operation.Value)) return NameIsBlank();
            if (ApplyPatch.RunOne(validator, operation, s_rules, s_dialect) is { } refused) return refused;
        }

        SetDefaults(validator);
        call.Book.Put(RestLookup.ScopeOf(call), Kinds.RequestValidator, record.Key, validator);
        return Reply.Of(validator);
    }

    private static Reply Delete(Call call)
    {
        if (Find(call) is not { } validator) return Unknown();
        if (RestLookup.MethodWith(call, "requestValidatorId", validator.Key) is { } method)
        {
            return Reply.Conflict($"Cannot delete Request Validator '{validator.Open().TextOf("name") ?? validator.Key}', is referenced in method: {method}");
        }

        call.Book.Remove(RestLookup.ScopeOf(call), Kinds.RequestValidator, validator.Key);
        return Reply.Empty;
    }

    private static void SetDefaults(WireValue validator)
    {
        if (validator["validateRequestBody"] is null) validator.Set("validateRequestBody", false);
        if (validator["validateRequestParameters"] is null) validator.Set("validateRequestParameters", false);
    }

    private static Record? Find(Call call) => call.Book.Find(RestLookup.ScopeOf(call), Kinds.RequestValidator, call.Path("requestvalidator_id"));

    private static Reply Unknown() => Reply.NotFound("Invalid Request Validator identifier specified");

    private static Reply NameIsBlank() => Reply.BadRequest("Request Validator name cannot be blank");
}

using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Methods of resources (control-plane.md 1.5). Each is one record, its responses and its integration within.</summary>
internal static class MethodOperations
{
    private static readonly string[] s_verbs = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"];
    private static readonly string[] s_authorizations = ["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT"];

    private static readonly PatchRule[] s_rules =
    [
        new("/authorizationType", "R"), new("/authorizerId", "R"), new("/apiKeyRequired", "R", PatchType.Boolean), new("/operationName", "R"), new("/requestValidatorId", "R"),
        new("/authorizationScopes", "AD", PatchType.List), new("/requestParameters/{key}", "ARD", PatchType.Boolean), new("/requestModels/{key}", "ARD"),
    ];

    private static readonly PatchDialect s_dialect = new(PatchDialect.Short) { MissingKey = RestLookup.MissingKey };

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetMethod", "GET /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 200, "", Get),
        new("PutMethod", "PUT /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 201,
            "authorizationType*:str authorizerId:str apiKeyRequired:bool operationName:str requestParameters:map<bool> requestModels:map<str> requestValidatorId:str authorizationScopes:[str]", Put),
        new("UpdateMethod", "PATCH /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 200, PatchDocument.Members, Update),
        new("DeleteMethod", "DELETE /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 204, "", Delete),
    ];

    private static Reply Get(Call call) => RestLookup.TryMethod(call, out Record? method, out Reply? fault) ? Reply.Of(method) : fault;

    private static Reply Put(Call call)
    {
        if (!RestLookup.TryResource(call, "resource_id", out _, out Reply? unknown)) return unknown;
        string verb = call.Path("http_method");
        if (Array.IndexOf(s_verbs, verb) < 0) return Reply.BadRequest("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");
        if (call.Book.Find(RestLookup.ScopeOf(call), Kinds.Method, RestLookup.MethodKey(call)) is not null) return Reply.Conflict("Method already exists for this resource");

        WireValue method = WireValue.NewObject().Set("httpMethod", verb)
            .Take(call.Body, "authorizationType", "authorizerId", "apiKeyRequired", "requestValidatorId", "operationName", "requestParameters", "requestModels", "authorizationScopes");
        if (method["apiKeyRequired"] is null) method.Set("apiKeyRequired", false);
        if (Check(call, method) is { } wrong) return wrong;
        RestLookup.PutMethod(call, method);
        return Reply.Of(method);
    }

    private static Reply Update(Call call)
    {
        if (!RestLookup.TryMethod(call, out Record? record, out Reply? unknown)) return unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue method = record.Open();
        if (ApplyPatch.Run(method, operations, s_rules, s_dialect) is { } refused) return refused;
        if (method["apiKeyRequired"] is null) method.Set("apiKeyRequired", false);
        RestLookup.DropEmpty(method, "operationName", "authorizerId");
        RestLookup.DropEmptyMaps(method, "requestParameters", "requestModels", "authorizationScopes");
        if (Check(call, method) is { } wrong) return wrong;
        RestLookup.PutMethod(call, method);
        return Reply.Of(method);
    }

    /// <summary>What is wrong with a method as it shall be; null for nothing. Drops the authorizer where the type uses none.</summary>
    private static Reply? Check(Call call, WireValue method)
    {
        string scope = RestLookup.ScopeOf(call);
        string type = method.TextOf("authorizationType")?.ToUpperInvariant() ?? "";
        if (Array.IndexOf(s_authorizations, type) < 0) return Reply.BadRequest("Invalid authorization type specified. Valid options are NONE,AWS_IAM,CUSTOM,COGNITO_USER_POOLS,JWT");
        method.Set("authorizationType", type);
        if (type is "NONE" or "AWS_IAM")
        {
            method["authorizerId"] = null;
        }
        else if (method.TextOf("authorizerId") is not { } id || call.Book.Find(scope, Kinds.Authorizer, id) is not { } authorizer || !Suits(type, authorizer.Open().TextOf("type")))
        {
            return Reply.BadRequest("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.");
        }

        if (method.TextOf("requestValidatorId") is "") method["requestValidatorId"] = null;
        if (method.TextOf("requestValidatorId") is { } validator && call.Book.Find(scope, Kinds.RequestValidator, validator) is null)
        {
            return Reply.BadRequest("Invalid Request Validator identifier specified");
        }

        if (method["requestParameters"] is { } parameters && MappingRules.CheckMethodRequest(parameters) is { } badName) return badName;
        return CheckModels(call, method["requestModels"]);
    }

    /// <summary>What is wrong with the models that media types are given; null for nothing.</summary>
    public static Reply? CheckModels(Call call, WireValue? models)
    {
        if (models is null) return null;
        if (MappingRules.CheckMediaTypes(models) is { } badType) return badType;
        foreach ((_, WireValue model) in models.Members)
        {
            if (model.Text != DefaultModels.Empty && call.Book.Find(RestLookup.ScopeOf(call), Kinds.Model, model.Text) is null)
            {
                return Reply.BadRequest($"Invalid model identifier specified: {model.Text}");
            }
        }

        return null;
    }

    private static bool Suits(string authorization, string? authorizer) => authorization switch
    {
        "CUSTOM" => authorizer is "TOKEN" or "REQUEST",
        _ => authorizer == authorization,
    };

    private static Reply Delete(Call call)
    {
        if (!RestLookup.TryMethod(call, out Record? method, out Reply? fault)) return fault;
        call.Book.Remove(RestLookup.ScopeOf(call), Kinds.Method, method.Key);
        return Reply.Empty;
    }
}

using System.Text;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Authorizers of REST APIs (control-plane.md 1.5).</summary>
internal static class AuthorizerOperations
{
    private const string Target = "/restapis/{restapi_id}/authorizers/{authorizer_id}";

    private static readonly PatchRule[] s_rules =
    [
        new("/name", "R"), new("/type", "R"), new("/authorizerUri", "R"), new("/authorizerCredentials", "R"), new("/authorizerResultTtlInSeconds", "R", PatchType.Integer), new("/authType", "R"),
        new("/identityValidationExpression", "R"), new("/identitySource", "ARD"), new("/providerARNs", "AD", PatchType.List),
    ];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetAuthorizers", "GET /restapis/{restapi_id}/authorizers", 200, "", List),
        new("CreateAuthorizer", "POST /restapis/{restapi_id}/authorizers", 201,
            "name*:str type*:enum<AuthorizerType> providerARNs:[str] authType:str authorizerUri:str authorizerCredentials:str identitySource:str identityValidationExpression:str authorizerResultTtlInSeconds:int jwtConfiguration:JwtConfiguration",
            Create),
        new("GetAuthorizer", "GET " + Target, 200, "", Get),
        new("UpdateAuthorizer", "PATCH " + Target, 200, PatchDocument.Members, Update),
        new("DeleteAuthorizer", "DELETE " + Target, 202, "", Delete),
    ];

    private static Reply List(Call call) => RestLookup.MissingApi(call) ?? Paging.List(call, call.Book.All(RestLookup.ScopeOf(call), Kinds.Authorizer));

    private static Reply Create(Call call)
    {
        if (RestLookup.InvalidApi(call) is { } unknown) return unknown;
        string scope = RestLookup.ScopeOf(call);
        if (call.Book.All(scope, Kinds.Authorizer).Count >= call.Options.Limits.AuthorizersPerApi) return Reply.LimitExceeded(LimitNames.Authorizers, "Maximum number of authorizers for this API has been reached.");
        string id = Ids.New(Ids.Short, made => call.Book.Find(scope, Kinds.Authorizer, made) is not null);
        WireValue authorizer = WireValue.NewObject().Set("id", id).Take(
            call.Body, "name", "type", "providerARNs", "authType", "authorizerUri", "authorizerCredentials", "identitySource", "identityValidationExpression", "authorizerResultTtlInSeconds",
            "jwtConfiguration");
        RestLookup.DropEmpty(authorizer, "authorizerCredentials", "identityValidationExpression", "authType");
        if (AuthorizerRules.Check(call, authorizer) is { } wrong) return wrong;
        call.Book.Put(scope, Kinds.Authorizer, id, authorizer);
        return Reply.Of(authorizer);
    }

    private static Reply Get(Call call) => Find(call) is { } authorizer ? Reply.Of(authorizer) : Unknown();

    private static Reply Update(Call call)
    {
        if (Find(call) is not { } record) return Unknown();
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue authorizer = record.Open();
        foreach (PatchOperation operation in operations)
        {
            if ((operation.Path == "/jwtConfiguration" ? PatchJwt(authorizer, operation, operations.Count, call.Options.Limits) : ApplyPatch.RunOne(authorizer, operation, s_rules, PatchDialect.Short)) is { } refused) return refused;
        }

        RestLookup.DropEmpty(authorizer, "authorizerCredentials", "identityValidationExpression", "authType");
        if (AuthorizerRules.Check(call, authorizer) is { } wrong) return wrong;
        call.Book.Put(RestLookup.ScopeOf(call), Kinds.Authorizer, record.Key, authorizer);
        return Reply.Of(authorizer);
    }

    // The whole configuration as JSON text, and nothing else in the request (security.md 8.4).
    private static Reply? PatchJwt(WireValue authorizer, PatchOperation operation, int count, ManagementLimits limits)
    {
        if (operation.Op != PatchOp.Replace) return Reply.BadRequest("Invalid patch operation specified. Must be one of: [replace]");
        if (count != 1) return Reply.BadRequest("A patch of /jwtConfiguration must be the only one of its request");
        if (authorizer.TextOf("type") != "JWT") return PatchDialect.Short.WrongPath(operation);
        if (!WireValue.TryParse(Encoding.UTF8.GetBytes(operation.Value ?? ""), out WireValue? configuration)) return JwtRules.Check(null, limits);
        configuration.DropNulls();
        if (JwtRules.Check(configuration, limits) is { } wrong) return wrong;
        authorizer["jwtConfiguration"] = configuration;
        return null;
    }

    private static Reply Delete(Call call)
    {
        if (Find(call) is not { } authorizer) return Unknown();
        if (RestLookup.MethodWith(call, "authorizerId", authorizer.Key) is { } method)
        {
            return Reply.Conflict($"Cannot delete authorizer '{authorizer.Open().TextOf("name")}', is referenced in method: {method}");
        }

        call.Book.Remove(RestLookup.ScopeOf(call), Kinds.Authorizer, authorizer.Key);
        return Reply.Empty;
    }

    private static Record? Find(Call call) => call.Book.Find(RestLookup.ScopeOf(call), Kinds.Authorizer, call.Path("authorizer_id"));

    private static Reply Unknown() => Reply.NotFound("Invalid Authorizer identifier specified");
}

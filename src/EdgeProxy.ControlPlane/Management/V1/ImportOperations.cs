using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Imports;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Imports.Records;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>REST APIs and their documentation by documents (control-plane.md 1.5, openapi-and-templates.md 4.1).</summary>
/// <remarks>Unlike in the service a change by a document is whole or not at all: what it has wrong changes nothing.</remarks>
internal static class ImportOperations
{
    private static readonly string[] s_modes = ["merge", "overwrite"];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("ImportRestApi", "POST /restapis?mode=import", 201, "", Import) { TakesRawBody = true },
        new("PutRestApi", "PUT /restapis/{restapi_id}", 200, "", Put) { TakesRawBody = true },
        new("ImportDocumentationParts", "PUT /restapis/{restapi_id}/documentation/parts", 200, "", ImportDocumentation) { TakesRawBody = true },
    ];

    private static Reply Import(Call call)
    {
        if (call.Book.ScopesBelow(Scopes.RestApis).Count >= call.Options.Limits.Apis) return Reply.LimitExceeded(LimitNames.Apis, "Maximum number of APIs has been reached.");
        if (ImportedDocument.ReadOrNull(call.Request.Body.Span, call.Options.Limits.DocumentBytes) is not { } root) return Unreadable(call);
        string? custom = ImportedDocument.CustomIdOrNull(root);
        if (!Tagging.TryTakeId(custom, Ids.Long, made => RestApiOperations.IsTaken(call.Book, made), out string? id, out Reply? taken)) return taken;
        if (!TryImport(call, root, id, out ImportedDocument? document, out OpenApiImportOptions options, out Reply? fault)) return fault!;

        WireValue api = WireValue.NewObject().Set("id", id).Set("name", document!.Api.Name).Set("createdDate", call.NowSeconds);
        WireValue endpoint = api.ObjectAt("endpointConfiguration");
        if (call.Query("endpointConfigurationTypes") is { } types) endpoint["types"] = ListOf(types);
        endpoint.Set("ipAddressType", call.Query("endpointConfigurationIpAddressType"));
        if (call.Query("vpcEndpointIds") is { } endpoints) endpoint["vpcEndpointIds"] = ListOf(endpoints);
        if (custom is not null) api.ObjectAt("tags").Set(Ids.CustomIdTag, custom);
        return Write(call, id, api, document, options, overwrites: true, isNew: true);
    }

    private static Reply Put(Call call)
    {
        if (ModeFault(call) is { } badMode) return badMode;
        if (!RestLookup.TryApi(call, out Record? record, out Reply? unknown)) return unknown;
        if (ImportedDocument.ReadOrNull(call.Request.Body.Span, call.Options.Limits.DocumentBytes) is not { } root) return Unreadable(call);
        if (!TryImport(call, root, record.Key, out ImportedDocument? document, out OpenApiImportOptions options, out Reply? fault)) return fault!;
        bool overwrites = call.Query("mode") == "overwrite";
        if (!overwrites && CheckSiblings.Run(document!.Api, call.Book, Scopes.RestApi(record.Key)) is { Count: > 0 } siblings) return Reply.BadRequest(ImportedDocument.ErrorsAsFault(siblings));
        return Write(call, record.Key, record.Open(), document!, options, overwrites, isNew: false);
    }

    private static Reply ImportDocumentation(Call call)
    {
        if (ModeFault(call) is { } badMode) return badMode;
        if (RestLookup.MissingApi(call) is { } unknown) return unknown;
        DocumentNode? root = ImportedDocument.ReadOrNull(call.Request.Body.Span, call.Options.Limits.DocumentBytes);
        if (root is null && call.Request.Body.Length > call.Options.Limits.DocumentBytes) return Unreadable(call);
        if (root is null || (root.Find("openapi") ?? root.Find("swagger")) is null) return Reply.BadRequest("Unable to build importer with provided input.");
        var problems = new Compiler.Problems.ProblemList();
        OpenApiImportOptions options = OptionsOf(call, call.Path("restapi_id"), BasePathMode.Ignore);
        var warnings = new List<string>();
        Reply? wrong = WriteDocumentation.Run(
            call, RestLookup.ScopeOf(call), OpenApiImporter.ReadDocumentation(root, options, problems), DescriptionReader.Read(root, options), call.Query("mode") == "overwrite", warnings, out IReadOnlyList<string> ids);
        if (wrong is not null) return wrong;
        if (problems.HasErrors) return Reply.BadRequest(ImportedDocument.ErrorsOf(problems));
        if (warnings.Count > 0 && call.IsTrue("failonwarnings")) return Reply.BadRequest(ImportedDocument.WarningsAsFault(warnings));
        WireValue reply = WireValue.NewObject().Set("ids", WireValue.Of(ids));
        if (warnings.Count > 0) reply.Set("warnings", WireValue.Of(warnings));
        return Reply.Of(reply);
    }

    private static bool TryImport(Call call, DocumentNode root, string id, out ImportedDocument? document, out OpenApiImportOptions options, out Reply? fault)
    {
        document = null;
        fault = null;
        options = OptionsOf(call, id, BasePathMode.Ignore);
        switch (call.Query("basepath"))
        {
            case null or "ignore": break;
            case "prepend": options = options with { BasePath = BasePathMode.Prepend }; break;
            case "split": options = options with { BasePath = BasePathMode.Split }; break;
            default:
                fault = Reply.BadRequest("Invalid basepath specified. Valid options are ignore,prepend,split");
                return false;
        }

        var limits = new CheckOptions { LongestTimeoutInMillis = call.Options.Limits.IntegrationTimeoutMilliseconds };
        document = ImportedDocument.ImportOrNull(root, options, limits, out string? errors);
        if (document is null) fault = errors is null ? NoOpenApi() : Reply.BadRequest(errors);
        return document is not null;
    }

    private static OpenApiImportOptions OptionsOf(Call call, string id, BasePathMode basePath) => new()
    {
        ApiId = id,
        Kind = ApiKind.Rest,
        BasePath = basePath,
        IgnoreDocumentation = call.Query("ignore") == "documentation",
        AccountId = call.Options.AccountId,
        Region = call.Options.Region,
    };

    private static Reply Write(Call call, string id, WireValue api, ImportedDocument document, OpenApiImportOptions options, bool overwrites, bool isNew)
    {
        string scope = Scopes.RestApi(id);
        WriteRestApi.Run(api, document.Api, overwrites, $"arn:aws:execute-api:{call.Options.Region}:{call.Options.AccountId}:{id}");
        if (RestApiRules.Check(api, call.Options.Limits) is { } wrong) return wrong;
        api.Set("rootResourceId", WriteRecords.Run(document.Api, id, call.Book, overwrites));
        if (LimitFault(call, scope, document.Api) is { } tooMany) return tooMany;
        if (!options.IgnoreDocumentation
            && WriteDocumentation.Run(call, scope, document.Api.Documentation, DescriptionReader.Read(document.Root, options), overwrites, document.Warnings, out _) is { } badDocumentation)
        {
            return badDocumentation;
        }

        if (document.Warnings.Count > 0 && call.IsTrue("failonwarnings")) return Reply.BadRequest(ImportedDocument.WarningsAsFault(document.Warnings));
        byte[] record = api.ToBytes();
        if (call.Book.Find(scope, Kinds.RestApi, id) is not { } there || !there.Json.Span.SequenceEqual(record)) call.Book.Put(scope, Kinds.RestApi, new Record(id, record));

        // Neither is kept: what the import had to say, and that an API that was there has no tags.
        if (document.Warnings.Count > 0) api.Set("warnings", WireValue.Of(document.Warnings));
        if (!isNew) api.ObjectAt("tags");
        return Reply.Of(api);
    }

    private static Reply? LimitFault(Call call, string scope, ApiDefinition api)
    {
        ManagementLimits limits = call.Options.Limits;
        if (call.Book.All(scope, Kinds.Resource).Count > limits.ResourcesPerApi) return Reply.LimitExceeded(LimitNames.Resources, "Maximum number of resources for this API has been reached.");
        if (call.Book.All(scope, Kinds.Authorizer).Count > limits.AuthorizersPerApi) return Reply.LimitExceeded(LimitNames.Authorizers, "Maximum number of authorizers for this API has been reached.");
        if (call.Book.All(scope, Kinds.Model).Count > limits.DefinitionsPerApi) return Reply.LimitExceeded(LimitNames.Definitions, "Maximum number of models for this API has been reached.");
        if (call.Book.All(scope, Kinds.RequestValidator).Count > limits.DefinitionsPerApi) return Reply.LimitExceeded(LimitNames.Definitions, "Maximum number of request validators for this API has been reached.");
        foreach (ModelDefinition model in api.Models)
        {
            if (model.Schema.Length > limits.ModelSchemaBytes) return Reply.TooLarge(LimitNames.ModelSchema, $"Model schema of {model.Name} must be at most {limits.ModelSchemaBytes} bytes");
        }

        foreach (ResourceDefinition resource in api.Resources)
        {
            if (resource.Path.Length > limits.PathCharacters) return Reply.TooLarge(LimitNames.Path, $"Resource path must be at most {limits.PathCharacters} characters");
        }

        return null;
    }

    private static Reply? ModeFault(Call call) =>
        call.Query("mode") is { } mode && Array.IndexOf(s_modes, mode) < 0 ? CheckShape.Invalid([CheckShape.NotInSet(mode, "mode", s_modes)]) : null;

    private static Reply NoOpenApi() => Reply.BadRequest("Invalid OpenAPI input.");

    private static Reply Unreadable(Call call)
    {
        int most = call.Options.Limits.DocumentBytes;
        return call.Request.Body.Length <= most ? NoOpenApi() : Reply.TooLarge(LimitNames.Document, $"The document has {call.Request.Body.Length} bytes; the limit is {most}.");
    }

    private static WireValue ListOf(string texts) => WireValue.Of(texts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}

using System.Text;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Imports;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Imports.Records;
using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>HTTP APIs by documents (control-plane.md 2.2, openapi-and-templates.md 4.1).</summary>
internal static class ImportOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("ImportApi", "PUT /v2/apis", 201, "body*:str", Import) { HasDocument = true },
        new("ReimportApi", "PUT /v2/apis/{apiId}", 201, "body*:str", Reimport) { HasDocument = true },
    ];

    private static Reply Import(Call call)
    {
        if (call.Book.ScopesBelow(Scopes.Apis).Count >= call.Options.Limits.Apis) return Reply.TooMany(LimitNames.Apis, "Maximum number of APIs reached.", "Apis");
        if (!TryRead(call, out DocumentNode? root, out Reply? fault)) return fault!;
        if (!Tagging.TryTakeId(ImportedDocument.CustomIdOrNull(root!), Ids.Long, made => RestApiOperations.IsTaken(call.Book, made), out string? id, out Reply? taken)) return taken;
        return Write(call, root!, ApiPlace.Of(id, ApiOperations.New(call, id, "HTTP")));
    }

    private static Reply Reimport(Call call)
    {
        if (!ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault)) return fault;
        if (!api.IsHttp) return ApiOperations.OnlyFor("body", "HTTP");
        return TryRead(call, out DocumentNode? root, out Reply? unread) ? Write(call, root!, api) : unread!;
    }

    private static bool TryRead(Call call, out DocumentNode? root, out Reply? fault)
    {
        byte[] document = Encoding.UTF8.GetBytes(call.Body.TextOf("body")!);
        int most = call.Options.Limits.DocumentBytes;
        root = ImportedDocument.ReadOrNull(document, most);
        fault = root is not null ? null
            : document.Length > most ? Reply.TooLarge(LimitNames.Document, $"The document has {document.Length} bytes; the limit is {most}.")
            : Reply.BadRequest("Invalid OpenAPI input.");
        return root is not null;
    }

    private static Reply Write(Call call, DocumentNode root, ApiPlace api)
    {
        var options = new OpenApiImportOptions { ApiId = api.Id, Kind = ApiKind.Http, IgnoreDocumentation = true, AccountId = call.Options.AccountId, Region = call.Options.Region };
        switch (call.Query("basepath"))
        {
            case null or "ignore": options = options with { BasePath = BasePathMode.Ignore }; break;
            case "prepend": options = options with { BasePath = BasePathMode.Prepend }; break;
            case "split": options = options with { BasePath = BasePathMode.Split }; break;
            default: return Reply.BadRequest("Invalid basepath specified. Valid options are ignore,prepend,split");
        }

        if (ImportedDocument.ImportOrNull(root, options, new CheckOptions(), out string? errors) is not { } document) return Reply.BadRequest(errors ?? "Invalid OpenAPI input.");
        if (document.Api.Methods.Count > call.Options.Limits.ResourcesPerApi) return Reply.TooMany(LimitNames.Resources, "Maximum number of Routes for this API has been reached.", "RoutesPerApi");
        if (document.Api.Authorizers.Count > call.Options.Limits.AuthorizersPerApi) return Reply.TooMany(LimitNames.Authorizers, "Maximum number of Authorizers for this API has been reached.", "AuthorizersPerApi");
        WriteOwn(api.Value, document);
        if ((ApiOperations.Check(api.Value) ?? Tagging.Check(call, api.Value.ObjectAt("tags"))) is { } wrong) return wrong;
        List<string> broken = WriteHttpRecords.Run(document.Api, call.Book, api, call.Options.Limits, document.Warnings);
        if (broken.Count > 0) return Reply.BadRequest(ImportedDocument.ErrorsAsFault(broken));
        if (document.Warnings.Count > 0 && call.IsTrue("failOnWarnings")) return Reply.BadRequest(ImportedDocument.WarningsAsFault(document.Warnings));
        byte[] record = api.Value.ToBytes();
        if (call.Book.Find(api.Scope, Kinds.Api, api.Id) is not { } there || !there.Json.Span.SequenceEqual(record)) call.Book.Put(api.Scope, Kinds.Api, new Record(api.Id, record));

        // What the import had to say is answered and not kept.
        return document.Warnings.Count == 0 ? Reply.Of(record) : Reply.Of(api.Value.Clone().Set("warnings", WireValue.Of(document.Warnings)));
    }

    // Members in the order of their names, as the other operations on APIs leave them, are not needed; that the same again is the same record is.
    private static void WriteOwn(WireValue value, ImportedDocument document)
    {
        ApiDefinition api = document.Api;
        value.Set("name", api.Name)
            .Set("description", api.Description is { Length: > 0 } description ? description : null)
            .Set("version", api.Version)
            .Set("corsConfiguration", api.Cors is { } cors ? CorsOf(cors) : null);
        if (api.Endpoint is { } endpoint) value.Set("disableExecuteApiEndpoint", endpoint.DisableExecuteApiEndpoint);
        WireValue tags = value.ObjectAt("tags");
        foreach ((string name, string text) in api.Tags) tags.Set(name, text);
        List<string> info = UnusedParts.Read(document.Root);
        value["importInfo"] = info.Count == 0 ? null : WireValue.Of(info);
    }

    private static WireValue CorsOf(CorsDefinition cors)
    {
        WireValue value = WireValue.NewObject().Set("allowCredentials", cors.AllowCredentials);
        if (cors.AllowHeaders.Count > 0) value.Set("allowHeaders", WireValue.Of(cors.AllowHeaders));
        if (cors.AllowMethods.Count > 0) value.Set("allowMethods", WireValue.Of(cors.AllowMethods));
        if (cors.AllowOrigins.Count > 0) value.Set("allowOrigins", WireValue.Of(cors.AllowOrigins));
        if (cors.ExposeHeaders.Count > 0) value.Set("exposeHeaders", WireValue.Of(cors.ExposeHeaders));
        if (cors.MaxAge is { } age) value.Set("maxAge", age);
        return value;
    }
}

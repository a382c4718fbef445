using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Documentation versions: all parts as they were (control-plane.md 1.5, 3.7).</summary>
/// <remarks>What a version froze is a record of its own, <see cref="Kinds.DocumentationSnapshot"/>: <c>{"item":[DocumentationPart]}</c>.</remarks>
internal static class DocumentationVersionOperations
{
    private const string Target = "/restapis/{restapi_id}/documentation/versions/{doc_version}";
    private const int LongestVersion = 64;

    private static readonly PatchRule[] s_rules = [new("/description", "R")];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetDocumentationVersions", "GET /restapis/{restapi_id}/documentation/versions", 200, "", List),
        new("CreateDocumentationVersion", "POST /restapis/{restapi_id}/documentation/versions", 201, "documentationVersion*:str stageName:str description:str", Create),
        new("GetDocumentationVersion", "GET " + Target, 200, "", Get),
        new("UpdateDocumentationVersion", "PATCH " + Target, 200, PatchDocument.Members, Update),
        new("DeleteDocumentationVersion", "DELETE " + Target, 202, "", Delete),
    ];

    private static Reply List(Call call) => RestLookup.MissingApi(call) ?? Paging.List(call, call.Book.All(RestLookup.ScopeOf(call), Kinds.DocumentationVersion));

    private static Reply Create(Call call)
    {
        if (RestLookup.MissingApi(call) is { } unknown) return unknown;
        string scope = RestLookup.ScopeOf(call);
        string version = call.Body.TextOf("documentationVersion")!;
        if (version.Length is 0 or > LongestVersion) return Reply.BadRequest($"Documentation version must have 1 to {LongestVersion} characters");
        if (call.Book.Find(scope, Kinds.DocumentationVersion, version) is not null) return Reply.Conflict("Documentation version already exists");
        if (call.Book.All(scope, Kinds.DocumentationVersion).Count >= call.Options.Limits.DocumentationVersions) return Reply.LimitExceeded(LimitNames.DocumentationVersions, "Maximum number of documentation versions for this API has been reached.");
        if (call.Body.TextOf("stageName") is { } stageName)
        {
            if (call.Book.Find(scope, Kinds.Stage, stageName) is not { } stage) return Reply.NotFound("Invalid stage identifier specified");
            call.Book.Put(scope, Kinds.Stage, stageName, stage.Open().Set("documentationVersion", version).Set("lastUpdatedDate", call.NowSeconds));
        }

        WireValue parts = WireValue.NewList();
        foreach (Record part in call.Book.All(scope, Kinds.DocumentationPart)) parts.Items.Add(part.Open());
        WireValue made = WireValue.NewObject().Set("version", version).Set("createdDate", call.NowSeconds).Take(call.Body, "description");
        call.Book.Put(scope, Kinds.DocumentationVersion, version, made);
        call.Book.Put(scope, Kinds.DocumentationSnapshot, version, WireValue.NewObject().Set("item", parts));
        return Reply.Of(made);
    }

    private static Reply Get(Call call) => Find(call) is { } version ? Reply.Of(version) : Unknown();

    private static Reply Update(Call call)
    {
        if (Find(call) is not { } record) return Unknown();
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue version = record.Open();
        if (ApplyPatch.Run(version, operations, s_rules, PatchDialect.Short) is { } refused) return refused;
        RestLookup.DropEmpty(version, "description");
        call.Book.Put(RestLookup.ScopeOf(call), Kinds.DocumentationVersion, record.Key, version);
        return Reply.Of(version);
    }

    private static Reply Delete(Call call)
    {
        if (Find(call) is not { } version) return Unknown();
        string scope = RestLookup.ScopeOf(call);
        foreach (Record stage in call.Book.All(scope, Kinds.Stage))
        {
            if (stage.Open().TextOf("documentationVersion") == version.Key) return Reply.Conflict($"Cannot delete documentation version '{version.Key}', is referenced in stage: {stage.Key}");
        }

        call.Book.Remove(scope, Kinds.DocumentationVersion, version.Key);
        call.Book.Remove(scope, Kinds.DocumentationSnapshot, version.Key);
        return Reply.Empty;
    }

    private static Record? Find(Call call) => call.Book.Find(RestLookup.ScopeOf(call), Kinds.DocumentationVersion, call.Path("doc_version"));

    private static Reply Unknown() => Reply.NotFound("Invalid Documentation version identifier specified");
}

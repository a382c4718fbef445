using System.Text;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Documentation parts (control-plane.md 1.5, 3.7).</summary>
internal static class DocumentationPartOperations
{
    private const string Target = "/restapis/{restapi_id}/documentation/parts/{part_id}";

    private static readonly PatchRule[] s_rules = [new("/properties", "R")];
    private static readonly PatchDialect s_dialect = PatchDialect.Listed("/properties");
    private static readonly string[] s_statuses = ["DOCUMENTED", "UNDOCUMENTED"];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetDocumentationParts", "GET /restapis/{restapi_id}/documentation/parts", 200, "", List),
        new("CreateDocumentationPart", "POST /restapis/{restapi_id}/documentation/parts", 201, "location*:DocumentationPartLocation properties*:str", Create),
        new("GetDocumentationPart", "GET " + Target, 200, "", Get),
        new("UpdateDocumentationPart", "PATCH " + Target, 200, PatchDocument.Members, Update),
        new("DeleteDocumentationPart", "DELETE " + Target, 202, "", Delete),
    ];

    private static Reply List(Call call)
    {
        if (RestLookup.MissingApi(call) is { } unknown) return unknown;
        string? type = call.Query("type");
        string? status = call.Query("locationStatus");
        var errors = new List<string>();
        if (type is not null && Array.IndexOf(DocumentationLocation.Types, type) < 0) errors.Add(CheckShape.NotInSet(type, "type", DocumentationLocation.Types));
        if (status is not null && Array.IndexOf(s_statuses, status) < 0) errors.Add(CheckShape.NotInSet(status, "locationStatus", s_statuses));
        if (errors.Count > 0) return CheckShape.Invalid(errors);

        IReadOnlyList<Record> all = call.Book.All(RestLookup.ScopeOf(call), Kinds.DocumentationPart);
        string? name = call.Query("name");
        string? path = call.Query("path");
        if (type is null && name is null && path is null && status is null) return Paging.List(call, all);
        var found = new List<Record>();
        foreach (Record record in all)
        {
            WireValue part = record.Open();
            WireValue location = part["location"]!;
            bool isWanted = (type is null || location.TextOf("type") == type) && (name is null || location.TextOf("name") == name) && (path is null || location.TextOf("path") == path)
                && (status is null || status == (HasContent(part) ? "DOCUMENTED" : "UNDOCUMENTED"));
            if (isWanted) found.Add(record);
        }

        return Paging.List(call, found);
    }

    private static Reply Create(Call call)
    {
        if (RestLookup.InvalidApi(call) is { } unknown) return unknown;
        string scope = RestLookup.ScopeOf(call);
        IReadOnlyList<Record> all = call.Book.All(scope, Kinds.DocumentationPart);
        if (all.Count >= call.Options.Limits.DocumentationParts) return Reply.LimitExceeded(LimitNames.DocumentationParts, "Maximum number of documentation parts for this API has been reached.");
        if (DocumentationLocation.Read(call.Body["location"]!, out WireValue location) is { } wrong) return wrong;
        string properties = call.Body.TextOf("properties")!;
        if (CheckProperties(call, properties) is { } bad) return bad;
        byte[] needle = Encoding.UTF8.GetBytes($"\"location\":{location},");
        foreach (Record record in all)
        {
            if (record.Json.Span.IndexOf(needle) >= 0) return Reply.Conflict($"Documentation part already exists for the specified location: {DocumentationLocation.Describe(location)}");
        }

        string id = Ids.New(Ids.Short, made => call.Book.Find(scope, Kinds.DocumentationPart, made) is not null);
        WireValue part = WireValue.NewObject().Set("id", id).Set("location", location).Set("properties", properties);
        call.Book.Put(scope, Kinds.DocumentationPart, id, part);
        return Reply.Of(part);
    }

    private static Reply Get(Call call) => Find(call) is { } part ? Reply.Of(part) : Unknown();

    private static Reply Update(Call call)
    {
        if (Find(call) is not { } record) return Unknown();
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue part = record.Open();
        if (ApplyPatch.Run(part, operations, s_rules, s_dialect) is { } refused) return refused;
        if (CheckProperties(call, part.TextOf("properties") ?? "") is { } bad) return bad;
        call.Book.Put(RestLookup.ScopeOf(call), Kinds.DocumentationPart, record.Key, part);
        return Reply.Of(part);
    }

    private static Reply Delete(Call call) =>
        RestLookup.MissingApi(call) ?? (call.Book.Remove(RestLookup.ScopeOf(call), Kinds.DocumentationPart, call.Path("part_id")) ? Reply.Empty : Unknown());

    private static Reply? CheckProperties(Call call, string properties)
    {
        if (properties.Length == 0) return Reply.BadRequest("Documentation part properties must be non-empty");
        int most = call.Options.Limits.DocumentationPartBytes;
        byte[] json = Encoding.UTF8.GetBytes(properties);
        if (json.Length > most) return Reply.TooLarge(LimitNames.DocumentationPart, $"Documentation part properties must be at most {most} bytes");
        return WireValue.TryParse(json, out WireValue? value) && value.IsObject ? null : Reply.BadRequest("Documentation part properties must be a JSON object");
    }

    private static bool HasContent(WireValue part) =>
        WireValue.TryParse(Encoding.UTF8.GetBytes(part.TextOf("properties") ?? ""), out WireValue? value) && value.Members.Count > 0;

    private static Record? Find(Call call) => call.Book.Find(RestLookup.ScopeOf(call), Kinds.DocumentationPart, call.Path("part_id"));

    private static Reply Unknown() => Reply.NotFound("Invalid Documentation part identifier specified");
}

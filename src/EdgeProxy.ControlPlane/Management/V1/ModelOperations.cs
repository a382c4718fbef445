using System.Text;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Models: schemas of bodies (control-plane.md 1.5). Their names are their keys.</summary>
internal static class ModelOperations
{
    private const string Target = "/restapis/{restapi_id}/models/{model_name}";

    private static readonly PatchRule[] s_rules = [new("/description", "R"), new("/schema", "R")];
    private static readonly PatchDialect s_dialect = PatchDialect.Listed("/description, /schema");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetModels", "GET /restapis/{restapi_id}/models", 200, "", List),
        new("CreateModel", "POST /restapis/{restapi_id}/models", 201, "name*:str description:str schema:str contentType*:str", Create),
        new("GetModel", "GET " + Target, 200, "", Get),
        new("UpdateModel", "PATCH " + Target, 200, PatchDocument.Members, Update),
        new("DeleteModel", "DELETE " + Target, 202, "", Delete),
    ];

    private static Reply List(Call call) => RestLookup.MissingApi(call) ?? Paging.List(call, call.Book.All(RestLookup.ScopeOf(call), Kinds.Model));

    private static Reply Create(Call call)
    {
        if (RestLookup.MissingApi(call) is { } unknown) return unknown;
        string scope = RestLookup.ScopeOf(call);
        string name = call.Body.TextOf("name")!;
        if (name.Length == 0) return Reply.BadRequest("Model name must be non-empty");
        if (!IsName(name)) return Reply.BadRequest("Model name must be alphanumeric");
        if (call.Book.Find(scope, Kinds.Model, name) is not null) return Reply.Conflict("Model name already exists for this REST API");
        if (call.Book.All(scope, Kinds.Model).Count >= call.Options.Limits.DefinitionsPerApi) return Reply.LimitExceeded(LimitNames.Definitions, "Maximum number of models for this API has been reached.");
        WireValue model = WireValue.NewObject().Set("id", Ids.New(Ids.Short)).Take(call.Body, "name", "description", "schema", "contentType");
        RestLookup.DropEmpty(model, "description");
        if (Check(call, model) is { } wrong) return wrong;
        call.Book.Put(scope, Kinds.Model, name, model);
        return Reply.Of(model);
    }

    private static Reply Get(Call call)
    {
        if (Find(call) is not { } record) return Unknown(call);
        if (!call.IsTrue("flatten")) return Reply.Of(record);
        WireValue model = record.Open();
        string flat = FlattenModel.Run(call.Book.ScopeOrNull(RestLookup.ScopeOf(call))!, model, call.Options.Limits.FlattenedModel, out bool isTooLarge);
        if (isTooLarge) call.Meet(LimitNames.FlattenedModel);
        return Reply.Of(model.Set("schema", flat));
    }

    private static Reply Update(Call call)
    {
        if (Find(call) is not { } record) return Unknown(call);
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue model = record.Open();
        if (ApplyPatch.Run(model, operations, s_rules, s_dialect) is { } refused) return refused;
        RestLookup.DropEmpty(model, "description");
        if (Check(call, model) is { } wrong) return wrong;
        call.Book.Put(RestLookup.ScopeOf(call), Kinds.Model, record.Key, model);
        return Reply.Of(model);
    }

    private static Reply Delete(Call call)
    {
        if (Find(call) is not { } model) return Unknown(call);
        if (UserOf(call, model.Key) is { } user) return Reply.Conflict($"Cannot delete model '{model.Key}', is referenced in {user}");
        call.Book.Remove(RestLookup.ScopeOf(call), Kinds.Model, model.Key);
        return Reply.Empty;
    }

    private static Reply? Check(Call call, WireValue model)
    {
        string type = model.TextOf("contentType") ?? "";
        if (!MappingRules.IsMediaType(type)) return Reply.BadRequest($"Validation Result: warnings : [], errors : [Invalid content type specified: {type}]");
        if (model.TextOf("schema") is not { Length: > 0 } text) return NoSchema();
        byte[] json = Encoding.UTF8.GetBytes(text);
        if (json.Length > call.Options.Limits.ModelSchemaBytes) return Reply.TooLarge(LimitNames.ModelSchema, $"Model schema must be at most {call.Options.Limits.ModelSchemaBytes} bytes");
        if (!IsJson(type)) return null;
        if (!WireValue.TryParse(json, out WireValue? schema) || !schema.IsObject) return Invalid("Invalid model schema specified");
        if (schema.Members.Count == 0) return NoSchema();

        var references = new List<string>();
        ModelReferences.Collect(schema, references);
        foreach (string reference in references)
        {
            if (reference.StartsWith('#')) continue;
            if (ModelReferences.NameOrNull(reference) is not { } name) return Invalid($"Invalid model reference specified: {Shortened(reference)}, Model reference must be in canonical form");
            if (name != model.TextOf("name") && call.Book.Find(RestLookup.ScopeOf(call), Kinds.Model, name) is null) return Invalid($"Invalid model reference specified: {Shortened(reference)}");
        }

        return null;
    }

    // As the service writes it: method request: /pets/POST
    private static string? UserOf(Call call, string name)
    {
        string scope = RestLookup.ScopeOf(call);
        byte[] needle = Encoding.UTF8.GetBytes(WireValue.Of(name).ToString());
        foreach (Record record in call.Book.All(scope, Kinds.Method))
        {
            if (record.Json.Span.IndexOf(needle) < 0) continue;
            WireValue method = record.Open();
            int slash = record.Key.IndexOf('/', StringComparison.Ordinal);
            string place = $"{RestLookup.PathOf(call, record.Key[..slash])}/{record.Key[(slash + 1)..]}";
            if (Uses(method["requestModels"], name)) return "method request: " + place;
            foreach ((_, WireValue response) in method.MembersOf("methodResponses"))
            {
                if (Uses(response["responseModels"], name)) return "method response: " + place;
            }
        }

        foreach (Record record in call.Book.All(scope, Kinds.Model))
        {
            if (record.Key == name || record.Json.Span.IndexOf(Encoding.UTF8.GetBytes("/models/" + name)) < 0) continue;
            if (record.Open().TextOf("schema") is not { } text || !WireValue.TryParse(Encoding.UTF8.GetBytes(text), out WireValue? schema)) continue;
            var references = new List<string>();
            ModelReferences.Collect(schema, references);
            if (references.Exists(reference => ModelReferences.NameOrNull(reference) == name)) return "model: " + record.Key;
        }

        return null;
    }

    private static bool Uses(WireValue? models, string name)
    {
        foreach ((_, WireValue model) in models?.Members ?? [])
        {
            if (model.Text == name) return true;
        }

        return false;
    }

    private static bool IsName(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        }

        return true;
    }

    private static bool IsJson(string type) => type.Contains("json", StringComparison.OrdinalIgnoreCase);

    private static string Shortened(string text) => text.Length <= 200 ? text : text[..200];

    private static Record? Find(Call call) => call.Book.Find(RestLookup.ScopeOf(call), Kinds.Model, call.Path("model_name"));

    private static Reply Unknown(Call call) => Reply.NotFound($"Invalid model name specified: {call.Path("model_name")}");

    private static Reply NoSchema() => Reply.BadRequest("Model schema must have at least 1 property or array items defined");

    private static Reply Invalid(string error) => Reply.BadRequest($"Invalid model specified: Validation Result: warnings : [], errors : [{error}]");
}

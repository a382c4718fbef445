using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Models of WebSocket APIs (control-plane.md 2.2, websocket-api.md 7.2).</summary>
internal static class ModelOperations
{
    private const string Settings = "contentType:str description:str";

    private static readonly Members s_members = new("contentType:256 description:1024 name:128 schema:67108864");

    public static readonly ChildKind Kind = new(Kinds.Model, "Model", "modelId");

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Kind.Rows("/v2/apis/{apiId}/models", Delete),
        new("CreateModel", "POST /v2/apis/{apiId}/models", 201, Settings + " name*:str schema*:str", Create),
        new("UpdateModel", "PATCH /v2/apis/{apiId}/models/{modelId}", 200, Settings + " name:str schema:str", Update),
    ];

    /// <summary>What is wrong with a map of keys to the names of models; null for nothing.</summary>
    public static Reply? FaultOfNames(BookEdit book, ApiPlace api, WireValue? names)
    {
        if (names is null) return null;
        foreach ((_, WireValue name) in names.Members)
        {
            if (Kind.WithText(book, api, "name", name.Text) is null) return Reply.BadRequest($"Invalid model identifier specified: {name.Text}");
        }

        return null;
    }

    private static Reply Create(Call call)
    {
        if (!Kind.TryFindOwner(call, out ApiPlace? api, out _, out Reply? fault)) return fault;
        if (api.IsHttp) return ApiOperations.OnlyFor("Model", "WEBSOCKET");
        if (Kind.Of(call.Book, api).Count >= call.Options.Limits.DefinitionsPerApi) return Reply.TooMany(LimitNames.Definitions, "Maximum number of Models for this API has been reached.", "ModelsPerApi");
        WireValue model = WireValue.NewObject();
        return s_members.Merge(model, call.Body, call.Options.Limits) ?? Complete(call, api, model, "") ?? Kind.Add(call, api, "", model);
    }

    private static Reply Update(Call call)
    {
        if (!Kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        string name = found.Value.TextOf("name")!;
        if (s_members.Merge(found.Value, call.Body, call.Options.Limits) is { } wrong) return wrong;
        if (found.Value.TextOf("name") != name && InUse(call, found.Api, name) is { } used) return used;
        return Complete(call, found.Api, found.Value, found.Key) ?? Kind.Put(call, found.Api, found.Key, found.Value);
    }

    private static Reply Delete(Call call, ChildRecord found)
    {
        return InUse(call, found.Api, found.Value.TextOf("name")!) ?? Kind.Remove(call, found);
    }

    private static Reply? InUse(Call call, ApiPlace api, string name)
    {
        foreach (Record record in RouteOperations.Kind.Of(call.Book, api))
        {
            WireValue route = record.Open();
            if (Names(route["requestModels"], name)) return Reply.Conflict($"Cannot delete model '{name}', is referenced in route: {route.TextOf("routeKey")}");
        }

        foreach (Record record in call.Book.All(api.Scope, Kinds.RouteResponse))
        {
            if (Names(record.Open()["responseModels"], name)) return Reply.Conflict($"Cannot delete model '{name}', is referenced in route response: {record.Key}");
        }

        return null;
    }

    private static bool Names(WireValue? map, string name)
    {
        if (map is null) return false;
        foreach ((_, WireValue value) in map.Members)
        {
            if (value.Text == name) return true;
        }

        return false;
    }

    private static Reply? Complete(Call call, ApiPlace api, WireValue model, string id)
    {
        string name = model.TextOf("name") ?? "";
        if (name.Length == 0) return Reply.BadRequest("Model name must be non-empty");
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c)) return Reply.BadRequest("Model name must be alphanumeric");
        }

        if (Kind.WithText(call.Book, api, "name", name, id) is not null) return Reply.Conflict("Model name already exists for this API");
        if (model.TextOf("contentType") is null) model.Set("contentType", "application/json");
        if (model.TextOf("schema") is not { } schema) return Reply.BadRequest("Model schema must be non-empty");
        int most = call.Options.Limits.ModelSchemaBytes;
        if (System.Text.Encoding.UTF8.GetByteCount(schema) > most) return Reply.TooLarge(LimitNames.ModelSchema, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Invalid model schema specified, can be at most {most} bytes."));
        return api.Value.IsTrueOf("disableSchemaValidation") ? null : ModelSchemas.Fault(call.Book, api, name, schema);
    }
}

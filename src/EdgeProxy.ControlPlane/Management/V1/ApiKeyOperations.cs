using System.Security.Cryptography;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>API keys (control-plane.md 1.5; rest-api.md 9.1).</summary>
/// <remarks>Values are secrets: only who asks for them sees them, and no message quotes one.</remarks>
internal static class ApiKeyOperations
{
    public const string Unknown = "Invalid API Key identifier specified";

    private const int LeastValue = 20;
    private const int MostValue = 128;
    private const int NewValue = 40;
    private const int MostText = 1024;
    private const string ValueAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly PatchDialect s_dialect = PatchDialect.Listed("/description, /enabled, /name, /customerId");

    private static readonly PatchRule[] s_rules =
    [
        new("/customerId", "R"),
        new("/description", "R"),
        new("/enabled", "R", PatchType.Boolean),
        new("/name", "R"),
        new("/labels", "AD", PatchType.List),
        new("/stages", "AD", PatchType.List) { Members = ["stageKeys"] },
    ];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetApiKeys", "GET /apikeys", 200, "", List),
        new("CreateApiKey", "POST /apikeys", 201, "name:str description:str enabled:bool generateDistinctId:bool value:str stageKeys:[StageKey] customerId:str tags:map<str>", Create),
        new("GetApiKey", "GET /apikeys/{api_Key}", 200, "", Get),
        new("UpdateApiKey", "PATCH /apikeys/{api_Key}", 200, PatchDocument.Members, Update),
        new("DeleteApiKey", "DELETE /apikeys/{api_Key}", 202, "", Delete),
        new("ImportApiKeys", "POST /apikeys?mode=import", 201, "", ImportApiKeys.Run) { TakesRawBody = true },
    ];

    /// <summary>Whether there is a key of an id.</summary>
    public static bool IsTaken(Call call, string id) => call.Book.Find(Scopes.Account, Kinds.ApiKey, id) is not null;

    /// <summary>What is wrong with a key's value; null for nothing.</summary>
    public static string? WrongValue(string value)
    {
        if (value.Length < LeastValue) return $"API Key value should be at least {LeastValue} characters";
        if (value.Length > MostValue) return $"API Key value exceeds maximum size of {MostValue} characters";
        return value.AsSpan().ContainsAnyExceptInRange('!', '~') ? "API Key value should be visible characters of ASCII" : null;
    }

    /// <summary>What is wrong with a key's name and description; null for nothing.</summary>
    public static string? WrongTexts(string? name, string? description)
    {
        if (name is { Length: > MostText }) return "Invalid API Key name, can be at most 1024 characters.";
        return description is { Length: > MostText } ? "Invalid API Key description specified." : null;
    }

    private static Reply List(Call call)
    {
        IReadOnlyList<Record> keys = call.Book.All(Scopes.Account, Kinds.ApiKey);
        if (call.Query("name") is { Length: > 0 } name)
        {
            byte[] start = ApiKeyHead.Written(name);
            keys = Where(keys, key => new ApiKeyHead(key.Json.Span).Name(key.Json.Span).StartsWith(start));
        }

        if (call.Query("customerId") is { Length: > 0 } customer)
        {
            byte[] member = [.. "\"customerId\":\""u8, .. ApiKeyHead.Written(customer), (byte)'"'];
            keys = Where(keys, key => key.Json.Span.IndexOf(member) >= 0 && key.Open().TextOf("customerId") == customer);
        }

        bool withValues = call.IsTrue("includeValues");
        if (withValues && call.RefuseSecrets() is { } refused) return refused;
        return Paging.List(call, keys, static key => key.Key, key => withValues ? key.Json : new ApiKeyHead(key.Json.Span).WithoutValue(key.Json.Span));
    }

    private static List<Record> Where(IReadOnlyList<Record> keys, Predicate<Record> fits)
    {
        var found = new List<Record>();
        foreach (Record key in keys)
        {
            if (fits(key)) found.Add(key);
        }

        return found;
    }

    private static Reply Create(Call call)
    {
        int most = call.Options.Limits.ApiKeys;
        if (call.Book.All(Scopes.Account, Kinds.ApiKey).Count >= most) return Reply.LimitExceeded(LimitNames.ApiKeys, $"Maximum number of API Keys has been reached: {most}");
        string? value = call.Body.TextOf("value") is { Length: > 0 } given ? given : null;
        if (value is not null && WrongValue(value) is { } wrongValue) return Reply.BadRequest(wrongValue);
        if (WrongTexts(call.Body.TextOf("name"), call.Body.TextOf("description")) is { } wrong) return Reply.BadRequest(wrong);
        if (value is not null && HasValue(call, value)) return Reply.Conflict("API Key already exists");
        if (!Tagging.TryTakeId(call, Ids.Long, id => IsTaken(call, id), out string? id, out Reply? fault)) return fault;
        WireValue key = WireValue.NewObject()
            .Set("id", id)
            .Set("value", value ?? RandomNumberGenerator.GetString(ValueAlphabet, NewValue))
            .Take(call.Body, "name", "customerId", "description")
            .Set("enabled", call.Body.IsTrueOf("enabled"))
            .Set("createdDate", call.NowSeconds)
            .Set("lastUpdatedDate", call.NowSeconds);
        WireValue stages = key.ListAt("stageKeys");
        foreach (WireValue stage in call.Body["stageKeys"]?.Items ?? []) stages.Items.Add(WireValue.Of($"{stage.TextOf("restApiId")}/{stage.TextOf("stageName")}"));
        if (WrongStages(call, stages.Items) is { } unknown) return unknown;
        if (Tagging.Take(call, key, call.Body) is { } wrongTags) return wrongTags;
        Record record = ApiKeyHead.Write(key);
        call.Book.Put(Scopes.Account, Kinds.ApiKey, record);
        return Reply.Of(record);
    }

    private static Reply Get(Call call)
    {
        if (call.Book.Find(Scopes.Account, Kinds.ApiKey, call.Path("api_Key")) is not { } found) return Reply.NotFound(Unknown);
        bool withValue = call.IsTrue("includeValue");
        if (withValue && call.RefuseSecrets() is { } refused) return refused;
        return withValue ? Tagging.Show(found) : Tagging.Show(new ApiKeyHead(found.Json.Span).WithoutValue(found.Json.Span));
    }

    private static Reply Update(Call call)
    {
        if (call.Book.Find(Scopes.Account, Kinds.ApiKey, call.Path("api_Key")) is not { } found) return Reply.NotFound(Unknown);
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue key = found.Open();
        WireValue before = key.Clone();
        if (ApplyPatch.Run(key, operations, s_rules, s_dialect) is { } refused) return refused;
        if (WrongTexts(key.TextOf("name"), key.TextOf("description")) is { } wrong) return Reply.BadRequest(wrong);
        IReadOnlyList<string> known = before.TextsOf("stageKeys");
        if (WrongStages(call, key.ListAt("stageKeys").Items.FindAll(stage => !known.Contains(stage.Text))) is { } unknown) return unknown;
        if (key["enabled"] is null) key.Set("enabled", false);
        RestLookup.DropEmptyMaps(key, "labels");
        key.Set("lastUpdatedDate", call.NowSeconds);
        Record record = ApiKeyHead.Write(key);
        call.Book.Put(Scopes.Account, Kinds.ApiKey, record);
        return Tagging.Show(new ApiKeyHead(record.Json.Span).WithoutValue(record.Json.Span));
    }

    private static Reply Delete(Call call)
    {
        string id = call.Path("api_Key");
        IReadOnlyList<RecordScope> plans = call.Book.ScopesBelow(Scopes.UsagePlans);
        if (!call.Book.Remove(Scopes.Account, Kinds.ApiKey, id)) return Reply.NotFound(Unknown);
        foreach (RecordScope plan in plans)
        {
            if (plan.Find(Kinds.UsagePlanKey, id) is not null) call.Book.Remove(plan.Id, Kinds.UsagePlanKey, id);
        }

        return Reply.Empty;
    }

    private static bool HasValue(Call call, string value)
    {
        byte[] written = ApiKeyHead.Written(value);
        foreach (Record key in call.Book.All(Scopes.Account, Kinds.ApiKey))
        {
            if (new ApiKeyHead(key.Json.Span).Value(key.Json.Span).SequenceEqual(written)) return true;
        }

        return false;
    }

    // Stages of keys are from before there were usage plans, and open nothing; but what is named has to be there.
    private static Reply? WrongStages(Call call, List<WireValue> stages)
    {
        foreach (WireValue stage in stages)
        {
            string[] parts = stage.Text.Split('/', 2);
            if (parts.Length != 2 || !PlanStages.Exists(call.Book, parts[0], parts[1])) return Reply.BadRequest("Invalid API Stage specified");
        }

        return null;
    }
}

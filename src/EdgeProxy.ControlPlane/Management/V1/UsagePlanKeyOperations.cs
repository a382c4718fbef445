using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>The API keys of usage plans (control-plane.md 1.5). What is kept says only that a key is in a plan; its name and value are the key's.</summary>
internal static class UsagePlanKeyOperations
{
    public const string Unknown = "Invalid Usage Plan Key identifier specified";
    private const string KeyType = "API_KEY";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetUsagePlanKeys", "GET /usageplans/{usageplanId}/keys", 200, "", List),
        new("CreateUsagePlanKey", "POST /usageplans/{usageplanId}/keys", 201, "keyId*:str keyType*:str", Create),
        new("GetUsagePlanKey", "GET /usageplans/{usageplanId}/keys/{keyId}", 200, "", Get),
        new("DeleteUsagePlanKey", "DELETE /usageplans/{usageplanId}/keys/{keyId}", 202, "", Delete),
    ];

    /// <summary>What is kept of a key that is in a plan.</summary>
    public static Record RecordOf(string keyId) => new(keyId, WireValue.NewObject().Set("id", keyId).Set("type", KeyType).ToBytes());

    private static Reply List(Call call)
    {
        string planId = call.Path("usageplanId");
        if (call.Book.Find(Scopes.Account, Kinds.UsagePlan, planId) is null) return Reply.NotFound(UsagePlanOperations.Unknown);
        IReadOnlyList<Record> keys = call.Book.All(Scopes.UsagePlan(planId), Kinds.UsagePlanKey);
        if (call.Query("name") is { Length: > 0 } name)
        {
            byte[] start = ApiKeyHead.Written(name);
            var named = new List<Record>();
            foreach (Record key in keys)
            {
                if (call.Book.Find(Scopes.Account, Kinds.ApiKey, key.Key) is { } whole && new ApiKeyHead(whole.Json.Span).Name(whole.Json.Span).StartsWith(start)) named.Add(key);
            }

            keys = named;
        }

        return Paging.List(call, keys, key => Shown(call, key));
    }

    private static Reply Create(Call call)
    {
        string planId = call.Path("usageplanId");
        if (call.Book.Find(Scopes.Account, Kinds.UsagePlan, planId) is not { } plan) return Reply.NotFound(UsagePlanOperations.Unknown);
        if (call.Body.TextOf("keyType") != KeyType) return Reply.BadRequest($"Invalid key type specified. Valid options are {KeyType}");
        string keyId = call.Body.TextOf("keyId")!;
        if (!ApiKeyOperations.IsTaken(call, keyId)) return Reply.NotFound(ApiKeyOperations.Unknown);
        if (call.Book.Find(Scopes.UsagePlan(planId), Kinds.UsagePlanKey, keyId) is not null) return Reply.Conflict($"API Key {keyId} is in the Usage Plan {planId} already");
        var all = new List<WireValue> { plan.Open() };
        foreach (RecordScope other in call.Book.ScopesBelow(Scopes.UsagePlans))
        {
            if (other.Find(Kinds.UsagePlanKey, keyId) is not null && call.Book.Find(Scopes.Account, Kinds.UsagePlan, other.Id[Scopes.UsagePlans.Length..]) is { } found) all.Add(found.Open());
        }

        if (WrongPlans(call, keyId, all) is { } wrong) return wrong;
        Record key = RecordOf(keyId);
        call.Book.Put(Scopes.UsagePlan(planId), Kinds.UsagePlanKey, key);
        return Reply.Of(Shown(call, key));
    }

    /// <summary>What is wrong with a key that is in some plans; null for nothing.</summary>
    public static Reply? WrongPlans(Call call, string keyId, List<WireValue> plans)
    {
        int most = call.Options.Limits.UsagePlansPerKey;
        if (plans.Count > most) return Reply.LimitExceeded(LimitNames.UsagePlansPerKey, $"An API Key can be in at most {most} Usage Plans");
        for (int i = 1; i < plans.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (PlanStages.SharedOrNull(plans[i], plans[j]) is { } stage) return PlanStages.Clash(keyId, plans[j].TextOf("id")!, plans[i].TextOf("id")!, stage);
            }
        }

        return null;
    }

    private static Reply Get(Call call)
    {
        string planId = call.Path("usageplanId");
        if (call.Book.Find(Scopes.Account, Kinds.UsagePlan, planId) is null) return Reply.NotFound(UsagePlanOperations.Unknown);
        return call.Book.Find(Scopes.UsagePlan(planId), Kinds.UsagePlanKey, call.Path("keyId")) is { } key ? Reply.Of(Shown(call, key)) : Reply.NotFound(Unknown);
    }

    private static Reply Delete(Call call)
    {
        string planId = call.Path("usageplanId");
        if (call.Book.Find(Scopes.Account, Kinds.UsagePlan, planId) is null) return Reply.NotFound(UsagePlanOperations.Unknown);
        return call.Book.Remove(Scopes.UsagePlan(planId), Kinds.UsagePlanKey, call.Path("keyId")) ? Reply.Empty : Reply.NotFound(Unknown);
    }

    // Who may read only sees which keys there are, and not what they are.
    private static WireValue Shown(Call call, Record key)
    {
        WireValue whole = call.Book.Find(Scopes.Account, Kinds.ApiKey, key.Key)!.Open();
        return call.Request.IsReader ? key.Open().Take(whole, "name") : key.Open().Take(whole, "value", "name");
    }
}

using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>The API stages that usage plans list, and what that means for the keys of several plans (rest-api.md 9.1): a key takes one plan for each stage.</summary>
internal static class PlanStages
{
    /// <summary>Whether an API has a stage; of HTTP and WebSocket APIs likewise.</summary>
    public static bool Exists(BookEdit book, string apiId, string stage) =>
        book.Find(Scopes.RestApi(apiId), Kinds.Stage, stage) is not null || book.Find(Scopes.Api(apiId), Kinds.Stage, stage) is not null;

    /// <summary>The stage that a plan lists; null when it does not.</summary>
    public static WireValue? FindOrNull(WireValue plan, string apiId, string stage) =>
        plan["apiStages"]?.Items.Find(listed => listed.TextOf("apiId") == apiId && listed.TextOf("stage") == stage);

    /// <summary>A stage that two plans list; null for none.</summary>
    public static string? SharedOrNull(WireValue one, WireValue other)
    {
        foreach (WireValue stage in one["apiStages"]?.Items ?? [])
        {
            if (FindOrNull(other, stage.TextOf("apiId") ?? "", stage.TextOf("stage") ?? "") is not null) return $"{stage.TextOf("apiId")}:{stage.TextOf("stage")}";
        }

        return null;
    }

    /// <summary>What is said of a key that would be in two plans with one stage.</summary>
    public static Reply Clash(string keyId, string planId, string otherId, string stage) =>
        Reply.Conflict($"API Key {keyId} cannot be in the Usage Plans {planId} and {otherId}, which both have the API Stage {stage}");

    /// <summary>Takes a stage out of all plans, because it goes; all stages of an API when none is named.</summary>
    /// <remarks>For whoever deletes stages and APIs: a plan that lists what is not there could not be served.</remarks>
    public static void Drop(BookEdit book, string apiId, string? stage)
    {
        byte[] member = [.. "{\"apiId\":"u8, .. WireValue.Of(apiId).ToBytes(), (byte)','];
        foreach (Record record in book.All(Scopes.Account, Kinds.UsagePlan))
        {
            if (record.Json.Span.IndexOf(member) < 0) continue;
            WireValue plan = record.Open();
            if (plan.ListAt("apiStages").Items.RemoveAll(listed => listed.TextOf("apiId") == apiId && (stage is null || listed.TextOf("stage") == stage)) > 0) book.Put(Scopes.Account, Kinds.UsagePlan, record.Key, plan);
        }
    }

    /// <summary>The first key that is in two plans; null for none.</summary>
    public static string? SharedKeyOrNull(BookEdit book, string planId, string otherId)
    {
        IReadOnlyList<Record> one = book.All(Scopes.UsagePlan(planId), Kinds.UsagePlanKey);
        IReadOnlyList<Record> other = book.All(Scopes.UsagePlan(otherId), Kinds.UsagePlanKey);
        (IReadOnlyList<Record> few, string many) = one.Count < other.Count ? (one, otherId) : (other, planId);
        foreach (Record key in few)
        {
            if (book.Find(Scopes.UsagePlan(many), Kinds.UsagePlanKey, key.Key) is not null) return key.Key;
        }

        return null;
    }
}

using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Stored usage plans and API keys as the compiler wants them (control-plane.md 1.6).</summary>
public static class ReadUsagePlans
{
    /// <summary>Takes one API key.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="id">Its id.</param>
    /// <param name="isEnabled">Whether it opens anything.</param>
    public delegate void KeyTaker(ReadOnlySpan<byte> value, ReadOnlySpan<byte> id, bool isEnabled);

    /// <summary>The plans, with the keys that are in them.</summary>
    public static List<UsagePlanDefinition> Run(RecordBook book)
    {
        var plans = new List<UsagePlanDefinition>();
        foreach (Record record in book.ScopeOrNull(Scopes.Account)?.All(Kinds.UsagePlan) ?? [])
        {
            if (WireValue.TryParse(record.Json.Span, out WireValue? plan)) plans.Add(PlanOf(book, record.Key, plan));
        }

        return plans;
    }

    /// <summary>Gives each API key to a taker.</summary>
    public static void Keys(RecordBook book, KeyTaker take)
    {
        foreach (Record record in book.ScopeOrNull(Scopes.Account)?.All(Kinds.ApiKey) ?? [])
        {
            ReadOnlySpan<byte> json = record.Json.Span;
            take(new ApiKeyHead(json).PlainValue(json), System.Text.Encoding.UTF8.GetBytes(record.Key), ApiKeyHead.IsEnabled(json));
        }
    }

    /// <summary>Whether a change touches plans, keys, or which keys are in which plans.</summary>
    public static bool Touches(BookEdit edit)
    {
        foreach (RecordChange change in edit.Changes)
        {
            if (change.Kind is Kinds.ApiKey or Kinds.UsagePlan or Kinds.UsagePlanKey) return true;
        }

        return false;
    }

    private static UsagePlanDefinition PlanOf(RecordBook book, string id, WireValue plan)
    {
        WireValue? throttle = plan["throttle"];
        WireValue? quota = plan["quota"];
        var stages = new List<UsagePlanStageDefinition>();
        foreach (WireValue stage in plan["apiStages"]?.Items ?? [])
        {
            var methods = new List<UsagePlanMethodDefinition>();
            foreach ((string key, WireValue figures) in stage.MembersOf("throttle"))
            {
                // "/pets/{id}/GET", and "//GET" for the root.
                int slash = key.LastIndexOf('/');
                if (slash < 0) continue;
                methods.Add(new UsagePlanMethodDefinition("/" + key[..slash].Trim('/'), key[(slash + 1)..], RateOf(figures), BurstOf(figures), null));
            }

            if (stage.TextOf("apiId") is { } api && stage.TextOf("stage") is { } name) stages.Add(new UsagePlanStageDefinition(api, name, methods, null));
        }

        List<string> keys = [];
        foreach (Record key in book.ScopeOrNull(Scopes.UsagePlan(id))?.All(Kinds.UsagePlanKey) ?? []) keys.Add(key.Key);
        return new UsagePlanDefinition
        {
            Id = id,
            Name = plan.TextOf("name"),
            IsStored = true,
            RateLimit = throttle is null ? null : RateOf(throttle),
            BurstLimit = throttle is null ? null : BurstOf(throttle),
            QuotaLimit = quota?.NumberOf("limit"),
            QuotaPeriod = quota?.TextOf("period"),
            QuotaOffset = (int)Math.Clamp(quota?.NumberOf("offset") ?? 0, 0, int.MaxValue),
            Stages = stages,
            KeyIds = keys,
        };
    }

    private static double? RateOf(WireValue figures) => figures.DoubleOf("rateLimit") is >= 0 and var rate ? rate : null;

    private static int? BurstOf(WireValue figures) => figures.NumberOf("burstLimit") is >= 0 and var burst ? (int)Math.Min(burst, int.MaxValue) : null;
}

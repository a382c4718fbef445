using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Usage plans (control-plane.md 1.5; rest-api.md 9.2).</summary>
internal static class UsagePlanOperations
{
    public const string Unknown = "Invalid Usage Plan ID specified";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetUsagePlans", "GET /usageplans", 200, "", List),
        new("CreateUsagePlan", "POST /usageplans", 201, "name*:str description:str apiStages:[ApiStage] throttle:ThrottleSettings quota:QuotaSettings tags:map<str>", Create),
        new("GetUsagePlan", "GET /usageplans/{usageplanId}", 200, "", Get),
        new("UpdateUsagePlan", "PATCH /usageplans/{usageplanId}", 200, PatchDocument.Members, Update),
        new("DeleteUsagePlan", "DELETE /usageplans/{usageplanId}", 202, "", Delete),
    ];

    private static Reply List(Call call)
    {
        IReadOnlyList<Record> plans = call.Book.All(Scopes.Account, Kinds.UsagePlan);
        if (call.Query("keyId") is not { Length: > 0 } keyId) return Paging.List(call, plans);
        var having = new List<Record>();
        foreach (Record plan in plans)
        {
            if (call.Book.Find(Scopes.UsagePlan(plan.Key), Kinds.UsagePlanKey, keyId) is not null) having.Add(plan);
        }

        return Paging.List(call, having);
    }

    private static Reply Create(Call call)
    {
        int most = call.Options.Limits.UsagePlans;
        if (call.Book.All(Scopes.Account, Kinds.UsagePlan).Count >= most) return Reply.LimitExceeded(LimitNames.UsagePlans, $"Maximum number of Usage Plans has been reached: {most}");
        if (!Tagging.TryTakeId(call, Ids.Short, id => call.Book.Find(Scopes.Account, Kinds.UsagePlan, id) is not null, out string? id, out Reply? fault)) return fault;
        WireValue plan = WireValue.NewObject().Set("id", id).Take(call.Body, "name", "description");
        WireValue stages = plan.ListAt("apiStages");
        foreach (WireValue given in call.Body["apiStages"]?.Items ?? [])
        {
            WireValue stage = WireValue.NewObject().Take(given, "apiId", "stage");
            if (PlanRules.WrongStage(call.Book, plan, stage) is { } wrongStage) return wrongStage;
            if (given["throttle"] is { IsObject: true } methods && PlanRules.TakeMethods(methods, stage) is { } wrongMethods) return wrongMethods;
            stages.Items.Add(stage);
        }

        if (call.Body["throttle"] is { IsObject: true } throttle) plan["throttle"] = WireValue.NewObject().Take(throttle, "burstLimit", "rateLimit");
        if (call.Body["quota"] is { IsObject: true } quota) plan["quota"] = WireValue.NewObject().Take(quota, "limit", "offset", "period");
        if (PlanRules.Settle(call, plan) is { } wrong) return wrong;
        if (Tagging.Take(call, plan, call.Body) is { } wrongTags) return wrongTags;
        call.Book.Put(Scopes.Account, Kinds.UsagePlan, id, plan);
        return Reply.Of(plan);
    }

    private static Reply Get(Call call) =>
        call.Book.Find(Scopes.Account, Kinds.UsagePlan, call.Path("usageplanId")) is { } found ? Tagging.Show(found) : Reply.NotFound(Unknown);

    private static Reply Update(Call call)
    {
        if (call.Book.Find(Scopes.Account, Kinds.UsagePlan, call.Path("usageplanId")) is not { } found) return Reply.NotFound(Unknown);
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue plan = found.Open();
        foreach (PatchOperation operation in operations)
        {
            if (PatchPlan.Run(call.Book, plan, operation) is { } refused) return refused;
        }

        if (PlanRules.Settle(call, plan) is { } wrong) return wrong;
        var record = new Record(found.Key, plan.ToBytes());
        call.Book.Put(Scopes.Account, Kinds.UsagePlan, record);
        return Tagging.Show(record);
    }

    private static Reply Delete(Call call)
    {
        string id = call.Path("usageplanId");
        if (call.Book.Find(Scopes.Account, Kinds.UsagePlan, id) is not { } found) return Reply.NotFound(Unknown);
        if (found.Open()["apiStages"] is { Items: [{ } first, ..] })
        {
            return Reply.BadRequest($"Cannot delete Usage Plan {id} because there are API Stages associated with it, including {first.TextOf("apiId")}:{first.TextOf("stage")}");
        }

        call.Book.Remove(Scopes.Account, Kinds.UsagePlan, id);
        call.Book.RemoveScope(Scopes.UsagePlan(id));
        return Reply.Empty;
    }
}

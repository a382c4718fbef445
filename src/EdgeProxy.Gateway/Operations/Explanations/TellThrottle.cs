using System.Globalization;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells by which buckets a request would be throttled. A rehearsal takes no token, so none of them refuses it.</summary>
internal static class TellThrottle
{
    public static void Run(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        StageDeployment deployment = request.Deployment!;
        int route = request.Route!.Ordinal;
        var table = new ExplainedTable("buckets", ["bucket", "perSecond", "burst"]);
        if (request.ApiKey.Plan is { } stage)
        {
            if (stage.Plan.Quota is { } quota) TellQuota(request, quota, told);
            if (stage.MethodLimitOrNull(request) is { } planMethod) Add(table, $"the key's for the method, in the usage plan {stage.Plan.Id}", planMethod.Rate, notes);
            if (stage.Plan.HasThrottle) Add(table, $"the key's, in the usage plan {stage.Plan.Id}", stage.Plan.Throttle, notes);
        }

        if (deployment.ThrottleOrNull(route) is { } method)
        {
            Add(table, deployment.Settings(route).ThrottleScope == ThrottleScope.Method ? "the method's, by its own figures" : "the method's, by the stage's figures", method.Rate, notes);
        }

        if (request.Snapshot.AccountThrottle is { } account) Add(table, "the node's, over all APIs (limits.accountThrottle)", account.Rate, notes);
        if (table.Rows.Count == 0)
        {
            told.Add("why", "nothing is throttled here");
            return;
        }

        told.Add("why", "a token of each would be taken; an explanation takes none");
        told.Add(table);
    }

    private static void TellQuota(RequestContext request, Quota quota, ExplainedPhase told)
    {
        int day = UsageDay.Of(request.Services.UnixMilliseconds(request.Now));
        string left = request.ApiKey.Cell.IsSpent(quota, day) ? "used up: a request would be refused" : "not used up; an explanation uses nothing of it";
        told.Add("quota", string.Create(CultureInfo.InvariantCulture, $"{quota.Limit} a {quota.Period.ToString().ToLowerInvariant()}, {left}"));
    }

    private static void Add(ExplainedTable table, string bucket, in Rate rate, ExplanationNotes notes) =>
        notes.Add(table, bucket, rate.PerSecond.ToString(CultureInfo.InvariantCulture), ExplanationNotes.Number(rate.Burst));
}

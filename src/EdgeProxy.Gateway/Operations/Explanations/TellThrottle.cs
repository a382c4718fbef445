using System.Globalization;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells by which buckets a request would be throttled. A rehearsal takes no token, so none of them refuses it.</summary>
internal static class TellThrottle
{
    public static void Run(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        StageDeployment deployment = request.Deployment!;
        int route = request.Route!.Ordinal;
        var table = new ExplainedTable("buckets", ["bucket", "perSecond", "burst"]);
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

    private static void Add(ExplainedTable table, string bucket, in Rate rate, ExplanationNotes notes) =>
        notes.Add(table, bucket, rate.PerSecond.ToString(CultureInfo.InvariantCulture), ExplanationNotes.Number(rate.Burst));
}

using System.Globalization;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells how many requests of the route may be under way. A rehearsal takes no slot, so it is never refused.</summary>
internal static class TellSlot
{
    public static void Run(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        int route = request.Route!.Ordinal;
        if (request.Deployment!.SlotsOrNull(route) is not { } slots)
        {
            told.Add("why", "the requests of this route that are under way are not capped");
            return;
        }

        ConcurrencyCap cap = slots.CapOf(request.Deployment.Settings(route));
        told.Add("why", "a slot of the route would be taken until the answer is sent; an explanation takes none");
        var table = new ExplainedTable("slots", ["most", "queue", "wait", "inUse", "waiting"]);
        notes.Add(
            table, ExplanationNotes.Number(cap.Max), ExplanationNotes.Number(cap.Queue), string.Create(CultureInfo.InvariantCulture, $"{cap.WaitNanoseconds / 1_000_000} ms"),
            ExplanationNotes.Number(slots.Limit.InUse), ExplanationNotes.Number(slots.Limit.Waiting));
        told.Add(table);
    }
}

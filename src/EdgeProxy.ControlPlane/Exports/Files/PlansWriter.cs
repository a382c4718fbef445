using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Exports.Files;

/// <summary>Writes usage plans as settings have them; which keys are in them stands beside the keys.</summary>
internal sealed class PlansWriter(RecordBook book, Action<string> note)
{
    /// <param name="settings">Gets them.</param>
    /// <param name="stages">The stages that are written.</param>
    public void Write(WireValue settings, HashSet<(string Api, string Stage)> stages)
    {
        WireValue plans = WireValue.NewList();
        foreach (Record record in book.All(Scopes.Account, Kinds.UsagePlan))
        {
            WireValue plan = record.Open();
            WireValue written = WireValue.NewObject().Set("id", record.Key).Set("name", plan.TextOf("name")?.Replace("${", "$${", StringComparison.Ordinal));
            if (Throttle(plan["throttle"]) is { } throttle) written["throttle"] = throttle;
            if (plan["quota"] is { IsObject: true } quota) written["quota"] = WireValue.NewObject().Take(quota, "limit", "period", "offset");
            WireValue apis = Apis(plan, record.Key, stages);
            if (apis.Items.Count > 0) written["apis"] = apis;
            plans.Items.Add(written);
        }

        if (plans.Items.Count > 0) settings["usagePlans"] = plans;
    }

    private static WireValue? Throttle(WireValue? throttle) => throttle is not { IsObject: true } ? null : StageWriter.Throttle(Given(throttle.DoubleOf("rateLimit")), Given(throttle.NumberOf("burstLimit")));

    // -1 is how clients say that there is none.
    private static double? Given(double? figure) => figure is < 0 ? null : figure;

    private static long? Given(long? figure) => figure is < 0 ? null : figure;

    private WireValue Apis(WireValue plan, string id, HashSet<(string Api, string Stage)> stages)
    {
        WireValue list = WireValue.NewList();
        foreach (WireValue stage in plan["apiStages"]?.Items ?? [])
        {
            (string api, string name) = (stage.TextOf("apiId") ?? "", stage.TextOf("stage") ?? "");
            if (!stages.Contains((api, name)))
            {
                note($"The stage {name} of the API {api} in the usage plan {id}.");
                continue;
            }

            WireValue written = WireValue.NewObject().Set("api", api).Set("stage", name);
            foreach ((string method, WireValue throttle) in stage.MembersOf("throttle"))
            {
                if (Throttle(throttle) is { } figures) written.ObjectAt("methods")[method] = figures;
            }

            list.Items.Add(written);
        }

        return list;
    }
}

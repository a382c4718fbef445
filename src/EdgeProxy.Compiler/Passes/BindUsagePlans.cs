using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Binds usage plans to the stages that they list (rest-api.md 9.2).</summary>
/// <param name="plans">The plans.</param>
internal sealed class BindUsagePlans(UsagePlanSet plans)
{
    private readonly HashSet<(string Api, string Stage)> _known = [];

    /// <summary>Takes note of a stage that is bound already.</summary>
    public void Know(ApiFacts api, StageDefinition stage) => _known.Add((api.Id.ToString(), stage.Name));

    /// <summary>What the plans say of a stage, by their ordinal in the ledger; null when none lists it.</summary>
    public PlanStage?[]? Run(ApiFacts api, StageDefinition stage, StageDeployment main, StageDeployment? canary, ProblemList problems)
    {
        Know(api, stage);
        string apiId = api.Id.ToString();
        PlanStage?[]? bound = null;
        foreach ((UsagePlanStageDefinition listed, UsagePlan plan) in plans.ListingsOf(apiId, stage.Name))
        {
            int ordinal = plan.Live.Ordinal;
            if (bound is null || ordinal >= bound.Length) Array.Resize(ref bound, ordinal + 1);
            bound[ordinal] = new PlanStage(plan, LimitsOf(listed, plan, main, problems), canary is null ? null : LimitsOf(listed, plan, canary, new ProblemList()));
        }

        if (bound is null) WarnOfClosed(stage, main, problems);
        return bound;

        PlanMethodLimit?[]? LimitsOf(UsagePlanStageDefinition listed, UsagePlan plan, StageDeployment deployment, ProblemList found)
        {
            PlanMethodLimit?[]? limits = null;
            foreach (UsagePlanMethodDefinition method in listed.Methods)
            {
                RoutePlan? route = Array.Find(deployment.Plan.Routes, route => route.ResourcePath.ToString() == method.ResourcePath && route.Method.ToString() == method.Verb);
                if (route is null)
                {
                    found.Warning(ProblemCode.NoEffect, method.Origin, $"The usage plan {plan.Id} limits {method.Verb} {method.ResourcePath} of the API {listed.ApiId}, which has no such method. Name it as the document does, or remove it.");
                    continue;
                }

                if (Rate.From(method.RateLimit, method.BurstLimit) is null) continue;
                limits ??= new PlanMethodLimit?[deployment.Plan.Routes.Length];
                limits[route.Ordinal] = new PlanMethodLimit(
                    Rate.InSixteenths(method.RateLimit!.Value, method.BurstLimit!.Value), plan.Live.BucketsOf(apiId, stage.Name, method.ResourcePath, method.Verb));
            }

            return limits;
        }
    }

    /// <summary>Reports stages that settings list and that are not there; after the last stage. What the management API lists may come later, or be gone.</summary>
    public void End(ProblemList problems)
    {
        foreach ((UsagePlanDefinition definition, _) in plans.Plans)
        {
            foreach (UsagePlanStageDefinition listed in definition.Stages)
            {
                if (definition.IsStored || _known.Contains((listed.ApiId.ToLowerInvariant(), listed.Stage))) continue;
                string others = string.Join(", ", _known.Take(20).Select(static known => $"{known.Api} stage {known.Stage}"));
                problems.Error(ProblemCode.UnknownName, listed.Origin ?? definition.Origin, $"The usage plan {definition.Id} lists stage {listed.Stage} of the API {listed.ApiId}, which the node does not serve{(others.Length == 0 ? "" : $"; it serves {others}")}. Correct it, or give the API that id (apis[].id).");
            }
        }
    }

    private static void WarnOfClosed(StageDefinition stage, StageDeployment deployment, ProblemList problems)
    {
        foreach (RoutePlan route in deployment.Plan.Routes)
        {
            if (route.ApiKeySource == Gateway.UsagePlans.ApiKeySource.None || route.ClosedBy != GatewayResponseType.None) continue;
            problems.Warning(ProblemCode.NoUsagePlan, stage.Origin, $"In stage {stage.Name} {route.Method} {route.ResourcePath} asks for an API key, and no usage plan lists the stage: every request of it is answered 403. List the stage in usagePlans[].apis.");
            return;
        }
    }
}

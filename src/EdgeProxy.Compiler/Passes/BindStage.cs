using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Lambda.Invocation;
using ApiKind = EdgeProxy.Gateway.Snapshots.ApiKind;

namespace EdgeProxy.Compiler.Passes;

/// <summary>A stage and the deployments it points at to a plan: everything that may change without deploying again.</summary>
internal static class BindStage
{
    /// <summary>Runs the pass.</summary>
    /// <param name="mounted">The stage.</param>
    /// <param name="api">What is said of its API as a whole.</param>
    /// <param name="main">What it runs.</param>
    /// <param name="canary">What its canary runs, where it has one.</param>
    /// <param name="inputs">What it depends on besides.</param>
    /// <param name="live">The node's live state.</param>
    /// <param name="usagePlans">The usage plans.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static StagePlan Run(MountedApi mounted, ApiDefinition api, DeploymentPlan main, DeploymentPlan canary, SnapshotInputs inputs, LiveRegistry live, BindUsagePlans usagePlans, ProblemList problems)
    {
        var facts = new ApiFacts
        {
            Id = api.Id,
            Name = api.Name,
            Kind = ApiKind.Rest,
            IsStrict = api.Endpoint is { AccessMode: "STRICT" },
            IsDefaultEndpointDisabled = api.Endpoint is { DisableExecuteApiEndpoint: true },
        };
        StageDefinition definition = mounted.Stage;
        StageLive stageLive = live.Stage(facts, definition.Name);
        StageDeployment deployed = Deploy(main, mounted.DeploymentId, definition.Variables, BindSettings.Run(definition, main, inputs.DefaultRouteSettings, problems), usesCache: true);
        StageDeployment? deployedCanary = definition.Canary is { } own
            ? Deploy(canary, mounted.Canary is { } other ? other.DeploymentId : mounted.DeploymentId, Overlaid(definition.Variables, own.StageVariableOverrides), BindSettings.Run(definition, canary, inputs.DefaultRouteSettings, new ProblemList()), own.UseStageCache)
            : null;
        var stage = new StagePlan
        {
            Api = facts,
            Name = definition.Name,
            Live = stageLive,
            Main = deployed,
            Canary = deployedCanary,
            UsagePlans = usagePlans.Run(facts, definition, deployed, deployedCanary, problems),
            CanaryPercent = definition.Canary?.PercentTraffic ?? 0,
        };
        WarnOfBackends(stage.Main, api, definition, inputs.IsFunction, problems);
        if (stage.Canary is not null) WarnOfBackends(stage.Canary, mounted.Canary?.Api ?? api, definition, inputs.IsFunction, problems);
        return stage;

        StageDeployment Deploy(DeploymentPlan plan, string? id, IReadOnlyDictionary<string, string> variables, RouteSettings[]? routeSettings, bool usesCache) => new(
            plan, new StageVariables(variables), stageLive, inputs.DefaultRouteSettings, routeSettings, inputs.Settings.UpstreamProtocol, ClientCertificateOf(definition, inputs), inputs.VpcLinks, inputs.Settings.UpstreamPolicy, usesCache, definition.CacheStatusHeader ?? "")
        {
            Id = id ?? plan.Id,
        };
    }

    private static Dictionary<string, string> Overlaid(IReadOnlyDictionary<string, string> variables, IReadOnlyDictionary<string, string> overrides)
    {
        var laid = new Dictionary<string, string>(variables, StringComparer.Ordinal);
        foreach ((string name, string value) in overrides) laid[name] = value;
        return laid;
    }

    private static (string Certificate, string Key)? ClientCertificateOf(StageDefinition stage, SnapshotInputs inputs) =>
        stage.ClientCertificateId is { } id && inputs.ClientCertificates.TryGetValue(id, out (string Certificate, string Key) files) ? files : null;

    private static void WarnOfBackends(StageDeployment deployment, ApiDefinition api, StageDefinition stage, Func<FunctionName, bool>? isFunction, ProblemList problems)
    {
        foreach (RoutePlan route in deployment.Plan.Routes)
        {
            // Of a document that did not change since the last time the methods are not kept.
            MethodDefinition? method = route.Ordinal < api.Methods.Count ? api.Methods[route.Ordinal] : null;
            if (isFunction is not null && deployment.FunctionOrNull(route.Ordinal)?.Constant is { } function && !isFunction(function))
            {
                problems.Warning(ProblemCode.NoFunction, method?.Integration?.OriginOf("uri") ?? stage.Origin,
                    $"In stage {stage.Name} {route.Method} {route.ResourcePath} calls the function {function.Name}, which no item of lambda.functions takes, and requests are answered 500. Say there where it runs.");
            }

            if ((deployment.UriOrNull(route.Ordinal)?.Problem ?? deployment.FunctionOrNull(route.Ordinal)?.Problem) is not { } problem) continue;
            problems.Warning(ProblemCode.BadUri, method?.Integration?.OriginOf("uri") ?? stage.Origin, $"In stage {stage.Name} the back end of {route.Method} {route.ResourcePath} cannot be called, and requests are answered 500. {problem}{MissingVariables(method?.Integration?.Uri, stage)}");
        }
    }

    // Most often the address is no address because a variable in it has no value.
    private static string MissingVariables(string? uri, StageDefinition stage)
    {
        const string start = "${stageVariables.";
        var names = new List<string>();
        for (int at = uri?.IndexOf(start, StringComparison.Ordinal) ?? -1; at >= 0; at = uri!.IndexOf(start, at, StringComparison.Ordinal))
        {
            at += start.Length;
            int end = uri!.IndexOf('}', at);
            if (end < 0) break;
            string name = uri[at..end];
            bool isThere = stage.Variables.ContainsKey(name) || stage.Canary?.StageVariableOverrides.ContainsKey(name) == true;
            if (!isThere && !names.Contains(name)) names.Add(name);
        }

        return names.Count == 0 ? "" : $" The stage has no variable {string.Join(", ", names)}: give it a value (stageVariables).";
    }
}

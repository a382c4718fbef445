using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Transport.Tls;
using ApiKind = EdgeProxy.Gateway.Snapshots.ApiKind;

namespace EdgeProxy.Compiler;

/// <summary>All the APIs of a node to one snapshot. A plan whose definition did not change is taken over from the last one.</summary>
/// <remarks>Control thread only.</remarks>
/// <param name="live">The node's live state, which outlasts snapshots.</param>
internal sealed class SnapshotCompiler(LiveRegistry live)
{
    private Dictionary<object, Compiled> _compiled = new(ReferenceEqualityComparer.Instance);
    private Dictionary<object, Compiled>? _candidate;
    private UsagePlanSet? _plans;

    /// <summary>What API keys use of usage plans.</summary>
    public UsageLedger Usage => live.Usage;

    /// <summary>Routes in the last snapshot made.</summary>
    public int Routes { get; private set; }

    /// <summary>Compiles; null when there are errors, and then all of them were reported.</summary>
    /// <param name="apis">The APIs.</param>
    /// <param name="settings">What requests depend on besides.</param>
    /// <param name="defaultRouteSettings">For routes without settings of their own.</param>
    /// <param name="options">How definitions are judged.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="domains">What is configured of custom domains; one without an API answers 403.</param>
    /// <param name="isFunction">Whether a Lambda function can be called; null when nobody knows, and then none is missed.</param>
    /// <param name="plans">The usage plans; null for none.</param>
    /// <param name="keys">The API keys that are in them; null for none.</param>
    public GatewaySnapshot? Compile(
        IReadOnlyList<MountedApi> apis, GatewaySettings settings, RouteSettings defaultRouteSettings, CheckOptions options, ProblemList problems,
        IReadOnlyList<DomainDefinition>? domains = null, Func<FunctionName, bool>? isFunction = null, UsagePlanSet? plans = null, KeyTable? keys = null)
    {
        _candidate = null;
        var found = new ProblemList();
        CheckPlaces(apis, found);
        var stages = new StagePlan?[apis.Count];
        var compiled = new Dictionary<object, Compiled>(ReferenceEqualityComparer.Instance);
        _plans = null;
        plans ??= new UsagePlanSet(live.Usage);
        var usagePlans = new BindUsagePlans(plans, found);
        int routes = 0;
        for (int i = 0; i < apis.Count; i++)
        {
            DeploymentPlan? main = CompileOrReuse(apis[i].Api, apis[i].Content, options, compiled, found);
            DeploymentPlan? canary = apis[i].Canary is { } other ? CompileOrReuse(other.Api, other.Content, options, compiled, found) : main;
            if (main is null || canary is null) continue;
            stages[i] = Bind(apis[i], main, canary, defaultRouteSettings, settings, isFunction, usagePlans, found);
            routes += main.Routes.Length;
        }

        if (!found.HasErrors && !problems.HasErrors) usagePlans.End();
        problems.AddRange(found);

        // Errors of the import count as well: what is not served as a whole must not replace what is.
        if (problems.HasErrors) return null;
        _candidate = compiled;
        _plans = plans;
        Routes = routes;
        return Place(apis, stages!, settings, domains ?? [], keys ?? KeyTable.Empty);
    }

    /// <summary>Remembers the plans of the last snapshot made, once it serves.</summary>
    public void Keep()
    {
        if (_candidate is not null) _compiled = _candidate;
        _candidate = null;
        _plans?.Serve();
        _plans = null;
    }

    private DeploymentPlan? CompileOrReuse(ApiDefinition api, object? content, CheckOptions options, Dictionary<object, Compiled> compiled, ProblemList problems)
    {
        if (content is null || !_compiled.TryGetValue(content, out Compiled made))
        {
            var found = new ProblemList();
            made = new Compiled(ApiCompiler.Compile(api, options, found), found);
        }

        problems.AddRange(made.Problems);
        if (content is not null && made.Deployment is not null) compiled[content] = made;
        return made.Deployment;
    }

    private StagePlan Bind(MountedApi mounted, DeploymentPlan main, DeploymentPlan canary, RouteSettings defaultRouteSettings, GatewaySettings settings, Func<FunctionName, bool>? isFunction, BindUsagePlans usagePlans, ProblemList problems)
    {
        var facts = new ApiFacts { Id = mounted.Api.Id, Name = mounted.Api.Name, Kind = ApiKind.Rest, IsStrict = mounted.Api.Endpoint is { AccessMode: "STRICT" } };
        StageDefinition definition = mounted.Stage;
        StageLive stageLive = live.Stage(facts, definition.Name);
        StageDeployment deployed = Deploy(main, definition.Variables, BindSettings.Run(definition, main, defaultRouteSettings, problems), usesCache: true);
        StageDeployment? deployedCanary = definition.Canary is { } own ? Deploy(canary, Overlaid(definition.Variables, own.StageVariableOverrides), BindSettings.Run(definition, canary, defaultRouteSettings, new ProblemList()), own.UseStageCache) : null;
        var stage = new StagePlan
        {
            Api = facts,
            Name = definition.Name,
            Live = stageLive,
            Main = deployed,
            Canary = deployedCanary,
            UsagePlans = usagePlans.Run(facts, definition, deployed, deployedCanary),
            CanaryPercent = definition.Canary?.PercentTraffic ?? 0,
        };
        WarnOfBackends(stage.Main, mounted.Api, definition, isFunction, problems);
        if (stage.Canary is not null) WarnOfBackends(stage.Canary, mounted.Canary?.Api ?? mounted.Api, definition, isFunction, problems);
        return stage;

        StageDeployment Deploy(DeploymentPlan plan, IReadOnlyDictionary<string, string> variables, RouteSettings[]? routeSettings, bool usesCache) => new(
            plan, new StageVariables(variables), stageLive, defaultRouteSettings, routeSettings, settings.UpstreamProtocol, ClientCertificateOf(definition, settings), settings.VpcLinks, settings.UpstreamPolicy, usesCache, definition.CacheStatusHeader ?? "");
    }

    private static Dictionary<string, string> Overlaid(IReadOnlyDictionary<string, string> variables, IReadOnlyDictionary<string, string> overrides)
    {
        var laid = new Dictionary<string, string>(variables, StringComparer.Ordinal);
        foreach ((string name, string value) in overrides) laid[name] = value;
        return laid;
    }

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
            problems.Warning(ProblemCode.BadUri, method?.Integration?.OriginOf("uri") ?? stage.Origin, $"In stage {stage.Name} the back end of {route.Method} {route.ResourcePath} cannot be called, and requests are answered 500. {problem}");
        }
    }

    private GatewaySnapshot Place(IReadOnlyList<MountedApi> apis, StagePlan[] stages, GatewaySettings settings, IReadOnlyList<DomainDefinition> described, KeyTable keys)
    {
        var domains = new Dictionary<string, List<(Utf8Text, StagePlan)>>(StringComparer.Ordinal);
        Dictionary<string, DomainDefinition> known = described.ToDictionary(static domain => domain.Name, StringComparer.Ordinal);
        foreach (DomainDefinition domain in described) domains.Add(domain.Name, []);
        var mounts = new List<(Utf8Text, StagePlan)>();
        var byId = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < apis.Count; i++)
        {
            if (apis[i].Domains.Count == 0) mounts.Add((apis[i].BasePath, stages[i]));
            foreach (string domain in apis[i].Domains)
            {
                if (!domains.TryGetValue(domain, out List<(Utf8Text, StagePlan)>? mappings)) domains.Add(domain, mappings = []);
                mappings.Add((apis[i].BasePath, stages[i]));
            }

            if (!byId.TryGetValue(apis[i].Api.Id, out List<int>? same)) byId.Add(apis[i].Api.Id, same = []);
            same.Add(i);
        }

        return new GatewaySnapshot
        {
            Domains = new Utf8Table<DomainPlan>(Array.ConvertAll([.. domains.Keys], name => ((Utf8Text)name, PlanOf(domains[name], DescriptionOf(name, known))))),
            Apis = new Utf8Table<ApiEntry>(Array.ConvertAll([.. byId.Keys], id => ((Utf8Text)id, new ApiEntry(
                id,
                [.. byId[id].ConvertAll(i => stages[i])],
                byId[id].Exists(i => apis[i].Api.Endpoint is { DisableExecuteApiEndpoint: true }))))),
            Mounts = new BasePathTable(mounts),
            UpstreamTls = UpstreamTlsOf(stages),
            Upstreams = [.. stages.SelectMany(static stage => stage.Canary is { } canary ? [.. stage.Main.Upstreams, .. canary.Upstreams] : stage.Main.Upstreams)],
            Cache = live.Cache(Array.Exists(stages, static stage => stage.Main.Caches || stage.Canary is { Caches: true }) ? settings.Cache.MaxBytes : 0),
            AccountThrottle = live.AccountThrottle(settings.AccountThrottle),
            Keys = keys,
            Usage = live.Usage,
            Settings = settings,
        };
    }

    private static (string Certificate, string Key)? ClientCertificateOf(StageDefinition stage, GatewaySettings settings) =>
        stage.ClientCertificateId is { } id && settings.ClientCertificates.TryGetValue(id, out (string Certificate, string Key) files) ? files : null;

    private static HashSet<UpstreamTls> UpstreamTlsOf(StagePlan[] stages)
    {
        var found = new HashSet<UpstreamTls>();
        foreach (StagePlan stage in stages)
        {
            AddTlsOf(stage.Main);
            if (stage.Canary is not null) AddTlsOf(stage.Canary);
        }

        return found;

        void AddTlsOf(StageDeployment deployment)
        {
            foreach (RoutePlan route in deployment.Plan.Routes)
            {
                if (deployment.UriOrNull(route.Ordinal)?.Upstream?.Tls is { } tls) found.Add(tls);
            }
        }
    }

    // What is said of a wildcard domain holds for each name below it, in the handshake and here alike: else a name of its own would be open.
    private static DomainDefinition? DescriptionOf(string name, Dictionary<string, DomainDefinition> known)
    {
        if (known.TryGetValue(name, out DomainDefinition? own)) return own;
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? known.GetValueOrDefault("*" + name[dot..]) : null;
    }

    private static DomainPlan PlanOf(List<(Utf8Text, StagePlan)> mappings, DomainDefinition? domain) => new(new BasePathTable(mappings))
    {
        TrustStore = domain?.MutualTls?.Identity,
        CutsUntrusted = domain?.MutualTls is { CutsUntrusted: true },
        IsStrict = domain is { IsStrict: true },
    };

    private static void CheckPlaces(IReadOnlyList<MountedApi> apis, ProblemList problems)
    {
        var places = new Dictionary<(string Domain, string BasePath), MountedApi>();
        var ids = new Dictionary<(string Id, string Stage), MountedApi>();
        foreach (MountedApi api in apis)
        {
            foreach (string domain in api.Domains.Count == 0 ? [""] : api.Domains)
            {
                if (places.TryAdd((domain, api.BasePath), api)) continue;
                string where = domain.Length == 0 ? $"the base path /{api.BasePath}" : $"{domain}/{api.BasePath}";
                problems.Error(ProblemCode.DuplicatePlace, api.Stage.Origin ?? api.Api.Origin, $"{where} is taken by {places[(domain, api.BasePath)].Api.Name} already. Give one of them another basePath or domain.");
            }

            if (ids.TryAdd((api.Api.Id, api.Stage.Name), api)) continue;
            problems.Error(ProblemCode.DuplicatePlace, api.Stage.Origin ?? api.Api.Origin, $"The API id {api.Api.Id} with stage {api.Stage.Name} comes twice. Give one of them another id or stage.");
        }
    }

    /// <summary>What came of one definition.</summary>
    private readonly record struct Compiled(DeploymentPlan? Deployment, ProblemList Problems);
}

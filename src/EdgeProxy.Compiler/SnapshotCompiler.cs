using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Compiler;

/// <summary>All the APIs of a node to one snapshot, of which only what changed is made anew.</summary>
/// <remarks><code>
///   the same stage, the same surroundings   --> its StagePlan of the last snapshot
///   other usage plans                       --> the same deployments in a StagePlan of its own
///   another stage of the same content       --> a StagePlan over the same DeploymentPlan
///   another content                         --> compiled; several at once, side by side
/// </code>
/// One thread at a time.
/// </remarks>
/// <param name="live">The node's live state, which outlasts snapshots.</param>
internal sealed class SnapshotCompiler(LiveRegistry live)
{
    private readonly PlaceStages _places = new(live);
    private Candidate _serving = new(null);
    private Candidate? _candidate;

    /// <summary>What API keys use of usage plans.</summary>
    public UsageLedger Usage => live.Usage;

    /// <summary>Stages there is live state of.</summary>
    public int LiveStages => live.Count;

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
        IReadOnlyList<DomainDefinition>? domains = null, Func<FunctionName, bool>? isFunction = null, UsagePlanSet? plans = null, KeyTable? keys = null) =>
        Compile(apis, new SnapshotInputs
        {
            Settings = settings,
            DefaultRouteSettings = defaultRouteSettings,
            Options = options,
            Domains = domains ?? [],
            IsFunction = isFunction,
            Plans = plans ?? new UsagePlanSet(live.Usage),
            Keys = keys ?? KeyTable.Empty,
            VpcLinks = settings.VpcLinks,
            ClientCertificates = settings.ClientCertificates,
        }, problems);

    /// <summary>Compiles; null when there are errors, and then all of them were reported.</summary>
    /// <param name="apis">The APIs. Of one that is served by the plan it had, nothing is reported again.</param>
    /// <param name="inputs">What the snapshot is made of besides.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="leftOut">
    /// Gets the stages that cannot be served, for a node that starts with what is stored: one API that this version takes for wrong does not keep the others from
    /// being served. Only those whose content is an <see cref="IDefinitionSource"/>; null to serve all or nothing.
    /// </param>
    public GatewaySnapshot? Compile(IReadOnlyList<MountedApi> apis, SnapshotInputs inputs, ProblemList problems, List<MountedApi>? leftOut = null)
    {
        Drop();
        var made = new Candidate(inputs);
        bool isDone = false;
        try
        {
            GatewaySnapshot? snapshot = Make(apis, inputs, problems, made, leftOut);
            _candidate = made;
            if (snapshot is null) Drop();
            isDone = true;
            return snapshot;
        }
        finally
        {
            // What threw on its way may have made live state that no candidate tells of.
            if (!isDone) GoBack();
        }
    }

    private GatewaySnapshot? Make(IReadOnlyList<MountedApi> apis, SnapshotInputs inputs, ProblemList problems, Candidate made, List<MountedApi>? leftOut)
    {
        var found = new ProblemList();
        CheckPlaces(apis, found);
        CompileAhead(apis, inputs.Options, made);
        var stages = new List<StagePlan>(apis.Count);
        var placed = new List<MountedApi>(apis.Count);
        var usagePlans = new BindUsagePlans(inputs.Plans);
        bool bindsAsBefore = _serving.Inputs is { } before && before.BindsAs(inputs);
        int routes = 0;
        for (int i = 0; i < apis.Count; i++)
        {
            Bound? bound = bindsAsBefore && _serving.Stages.TryGetValue(apis[i], out Bound? known)
                ? GoOnWith(known, apis[i], inputs, usagePlans)
                : Bind(apis[i], inputs, made, usagePlans, found, leftOut);
            if (bound is null) continue;
            made.Add(apis[i], bound);
            stages.Add(bound.Plan);
            placed.Add(apis[i]);
            routes += bound.Plan.Main.Plan.Routes.Length;
        }

        if (!found.HasErrors && !problems.HasErrors) usagePlans.End(found);
        problems.AddRange(found);

        // Errors of the import count as well: what is not served as a whole must not replace what is.
        if (problems.HasErrors) return null;
        Routes = routes;
        return _places.Run(placed, stages, inputs);
    }

    /// <summary>Remembers the plans of the last snapshot made, once it serves.</summary>
    public void Keep()
    {
        if (_candidate is not { } serving) return;
        _candidate = null;
        if (!ReferenceEquals(_serving.Inputs?.Plans, serving.Inputs!.Plans)) serving.Inputs.Plans.Serve(serving.Inputs.Keys);
        ForgetWhatIsGone(serving);
        _serving = serving;
        _places.Keep();
    }

    /// <summary>Forgets the last snapshot made, which is not going to serve, and what live state was made for it.</summary>
    public void Drop()
    {
        if (_candidate is not { } dropped) return;
        _candidate = null;
        _places.Drop();
        var made = new List<StageLive>();
        foreach (Bound bound in dropped.Stages.Values)
        {
            if (bound.IsNew) made.Add(bound.Plan.Live);
        }

        if (made.Count > 0) KeepServed(made);
    }

    private void GoBack()
    {
        _candidate = null;
        _places.Drop();
        KeepServed(live.Stages());
    }

    // Of some stages, what serves and nothing else.
    private void KeepServed(List<StageLive> stages)
    {
        var served = new Dictionary<StageLive, StagePlan>(ReferenceEqualityComparer.Instance);
        foreach (Bound bound in _serving.Stages.Values) served[bound.Plan.Live] = bound.Plan;
        var gone = new List<StageLive>();
        var changed = new List<StagePlan>();
        foreach (StageLive stage in stages)
        {
            if (served.TryGetValue(stage, out StagePlan? plan)) changed.Add(plan);
            else gone.Add(stage);
        }

        live.Forget(gone, changed);
    }

    // What a stage's own routes and what whole stages left behind would be kept for ever otherwise.
    private void ForgetWhatIsGone(Candidate serving)
    {
        var kept = new HashSet<StageLive>(ReferenceEqualityComparer.Instance);
        var gone = new List<StageLive>();
        var changed = new List<StagePlan>();
        foreach (Bound bound in serving.Stages.Values)
        {
            kept.Add(bound.Plan.Live);
            if (bound.IsNew) changed.Add(bound.Plan);
            bound.IsNew = false;
        }

        foreach (Bound bound in _serving.Stages.Values)
        {
            if (!kept.Contains(bound.Plan.Live)) gone.Add(bound.Plan.Live);
        }

        live.Forget(gone, changed);
    }

    private Bound GoOnWith(Bound known, MountedApi api, SnapshotInputs inputs, BindUsagePlans usagePlans)
    {
        if (ReferenceEquals(_serving.Inputs!.Plans, inputs.Plans))
        {
            usagePlans.Know(known.Plan.Api, api.Stage);
            return known;
        }

        PlanStage?[]? plans = usagePlans.Run(known.Plan.Api, api.Stage, known.Plan.Main, known.Plan.Canary, new ProblemList());
        return plans is null && known.Plan.UsagePlans is null ? known : new Bound(known.Plan.With(plans), known.Main, known.Canary);
    }

    private Bound? Bind(MountedApi api, SnapshotInputs inputs, Candidate made, BindUsagePlans usagePlans, ProblemList problems, List<MountedApi>? leftOut)
    {
        ProblemList found = leftOut is null || api.Content is not IDefinitionSource ? problems : new ProblemList();
        Compiled main = CompileOrReuse(api.Api, api.Content, inputs.Options, made, found);
        Compiled canary = api.Canary is { } other ? CompileOrReuse(other.Api, other.Content, inputs.Options, made, found) : main;
        if (main.Deployment is { } plan && canary.Deployment is { } canaryPlan)
        {
            if (!ReferenceEquals(found, problems)) problems.AddRange(found);
            return new Bound(BindStage.Run(api, main.Head ?? api.Api, plan, canaryPlan, inputs, live, usagePlans, problems), main, canary) { IsNew = true };
        }

        if (ReferenceEquals(found, problems)) return null;
        leftOut!.Add(api);
        foreach (Problem problem in found)
        {
            if (problem.Severity == ProblemSeverity.Error) problems.Warning(problem.Code, problem.Origin, $"Stage {api.Stage.Name} of the API {api.Api.Id} is not served. {problem.Message}");
        }

        return null;
    }

    private Compiled CompileOrReuse(ApiDefinition api, object? content, CheckOptions options, Candidate made, ProblemList problems)
    {
        if (content is null) return Reported(Compile(api, options));
        if (made.Contents.TryGetValue(content, out Compiled? known)) return content is IDefinitionSource && known.IsReported ? known : Reported(known);
        if (ServedOrNull(content, options) is not { } compiled) compiled = Compile(api, content, options);
        else if (content is IDefinitionSource) return made.Contents[content] = compiled;
        return made.Contents[content] = Reported(compiled);

        Compiled Reported(Compiled compiled)
        {
            problems.AddRange(compiled.Problems);
            compiled.IsReported = true;
            return compiled;
        }
    }

    // A document is another content when it is read with other options; what is stored is not.
    private Compiled? ServedOrNull(object content, CheckOptions options) =>
        _serving.Contents.TryGetValue(content, out Compiled? known) && (content is not IDefinitionSource || _serving.Inputs!.Options == options) ? known : null;

    // What takes long is pure, so a node with a thousand APIs starts on all of its processors.
    private void CompileAhead(IReadOnlyList<MountedApi> apis, CheckOptions options, Candidate made)
    {
        var waiting = new List<(ApiDefinition Api, object Content)>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (MountedApi api in apis)
        {
            Add(api.Api, api.Content);
            if (api.Canary is { } canary) Add(canary.Api, canary.Content);
        }

        if (waiting.Count < 2) return;
        var compiled = new Compiled[waiting.Count];
        SideBySide.Run(waiting.Count, i => compiled[i] = Compile(waiting[i].Api, waiting[i].Content, options));
        for (int i = 0; i < compiled.Length; i++) made.Contents.Add(waiting[i].Content, compiled[i]);

        void Add(ApiDefinition api, object? content)
        {
            if (content is IDefinitionSource && ServedOrNull(content, options) is null && seen.Add(content)) waiting.Add((api, content));
        }
    }

    private static Compiled Compile(ApiDefinition api, object content, CheckOptions options)
    {
        if (content is not IDefinitionSource source) return Compile(api, options);
        var found = new ProblemList();
        ApiDefinition whole = source.Read(found);
        if (found.HasErrors) return new Compiled(null, found);
        var head = new ApiDefinition { Id = whole.Id, Name = whole.Name, Kind = whole.Kind, Endpoint = whole.Endpoint };
        return new Compiled(ApiCompiler.Compile(whole, options with { IsKept = true }, found), found) { Head = head };
    }

    private static Compiled Compile(ApiDefinition api, CheckOptions options)
    {
        var found = new ProblemList();
        return new Compiled(ApiCompiler.Compile(api, options, found), found);
    }

    private static void CheckPlaces(IReadOnlyList<MountedApi> apis, ProblemList problems)
    {
        var places = new Dictionary<(string Domain, string BasePath), MountedApi>();
        var ids = new Dictionary<(string Id, string Stage), MountedApi>(apis.Count);
        foreach (MountedApi api in apis)
        {
            if (!api.IsById)
            {
                foreach (string domain in api.Domains.Count == 0 ? [""] : api.Domains)
                {
                    if (places.TryAdd((domain, api.BasePath), api)) continue;
                    string where = domain.Length == 0 ? $"the base path /{api.BasePath}" : $"{domain}/{api.BasePath}";
                    problems.Error(ProblemCode.DuplicatePlace, api.Stage.Origin ?? api.Api.Origin, $"{where} is taken by {places[(domain, api.BasePath)].Api.Name} already. Give one of them another basePath or domain.");
                }
            }

            if (ids.TryAdd((api.Api.Id, api.Stage.Name), api)) continue;
            problems.Error(ProblemCode.DuplicatePlace, api.Stage.Origin ?? api.Api.Origin, $"The API id {api.Api.Id} with stage {api.Stage.Name} comes twice. Give one of them another id or stage.");
        }
    }

    /// <summary>All that a snapshot is made of, for the next one to go on from.</summary>
    private sealed class Candidate(SnapshotInputs? inputs)
    {
        public SnapshotInputs? Inputs { get; } = inputs;

        public Dictionary<MountedApi, Bound> Stages { get; } = new(ReferenceEqualityComparer.Instance);

        public Dictionary<object, Compiled> Contents { get; } = new(ReferenceEqualityComparer.Instance);

        public void Add(MountedApi api, Bound bound)
        {
            Stages[api] = bound;
            if (api.Content is { } content) Contents[content] = bound.Main;
            if (api.Canary is { Content: { } other }) Contents[other] = bound.Canary;
        }
    }

    /// <summary>A stage's plan, and what its deployments were compiled to.</summary>
    private sealed class Bound(StagePlan plan, Compiled main, Compiled canary)
    {
        public StagePlan Plan { get; } = plan;

        public Compiled Main { get; } = main;

        public Compiled Canary { get; } = canary;

        public bool IsNew { get; set; }
    }

    /// <summary>What came of one definition.</summary>
    private sealed class Compiled(DeploymentPlan? deployment, ProblemList problems)
    {
        public DeploymentPlan? Deployment { get; } = deployment;

        public ProblemList Problems { get; } = problems;

        /// <summary>What the definition says of the API as a whole, where it came from a source.</summary>
        public ApiDefinition? Head { get; init; }

        public bool IsReported { get; set; }
    }
}

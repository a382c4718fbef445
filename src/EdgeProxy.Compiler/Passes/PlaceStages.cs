using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Puts stages into the tables by which requests find them. What is as it was last time is shared: of a change only what it touched is made.</summary>
/// <param name="live">The node's live state.</param>
internal sealed class PlaceStages(LiveRegistry live)
{
    private Placed? _last;
    private Placed? _candidate;

    /// <summary>Runs the pass.</summary>
    /// <param name="apis">The APIs, in no two places the same.</param>
    /// <param name="stages">Their plans.</param>
    /// <param name="inputs">What the snapshot is made of besides.</param>
    public GatewaySnapshot Run(IReadOnlyList<MountedApi> apis, IReadOnlyList<StagePlan> stages, SnapshotInputs inputs)
    {
        List<(string Domain, string BasePath, StagePlan Stage)> places = PlacesOf(apis, stages);
        GatewaySnapshot? last = _last?.Snapshot;
        bool isSamePlaces = _last is not null && ReferenceEquals(_last.Inputs.Domains, inputs.Domains) && AreSame(_last.Places, places);
        var ofFiles = new List<StagePlan>();
        for (int i = 0; i < stages.Count; i++)
        {
            if (!apis[i].IsById) ofFiles.Add(stages[i]);
        }

        HashSet<UpstreamTls> all = UpstreamTlsOf(stages);
        var storedAlone = new HashSet<UpstreamTls>(all);
        storedAlone.ExceptWith(UpstreamTlsOf(ofFiles));
        var snapshot = new GatewaySnapshot
        {
            Domains = isSamePlaces ? last!.Domains : DomainsOf(places, inputs.Domains),
            Apis = ApisOf(apis, stages, last),
            Mounts = isSamePlaces ? last!.Mounts : new BasePathTable(places.FindAll(static place => place.Domain.Length == 0).ConvertAll(static place => ((Utf8Text)place.BasePath, place.Stage))),
            UpstreamTls = all,
            StoredUpstreamTls = storedAlone,
            Upstreams = UpstreamsOf(stages),
            Cache = live.PrepareCache(Caches(stages) ? inputs.Settings.Cache.MaxBytes : 0),
            AccountThrottle = live.AccountThrottle(inputs.Settings.AccountThrottle),
            Keys = inputs.Keys,
            Usage = live.Usage,
            Settings = inputs.Settings,
            VpcLinks = inputs.VpcLinks,
            ClientCertificates = inputs.ClientCertificates,
        };
        _candidate = new Placed(snapshot, places, inputs);
        return snapshot;
    }

    /// <summary>Goes on from the last snapshot made, once it serves.</summary>
    public void Keep()
    {
        if (_candidate is not null) _last = _candidate;
        _candidate = null;
        live.KeepCache();
    }

    /// <summary>Forgets the last snapshot made, which is not going to serve.</summary>
    public void Drop()
    {
        _candidate = null;
        live.DropCache();
    }

    private static List<(string Domain, string BasePath, StagePlan Stage)> PlacesOf(IReadOnlyList<MountedApi> apis, IReadOnlyList<StagePlan> stages)
    {
        var places = new List<(string Domain, string BasePath, StagePlan Stage)>();
        for (int i = 0; i < stages.Count; i++)
        {
            if (apis[i].IsById) continue;
            if (apis[i].Domains.Count == 0) places.Add(("", apis[i].BasePath, stages[i]));
            foreach (string domain in apis[i].Domains) places.Add((domain, apis[i].BasePath, stages[i]));
        }

        return places;
    }

    private static bool AreSame(List<(string Domain, string BasePath, StagePlan Stage)> one, List<(string Domain, string BasePath, StagePlan Stage)> other)
    {
        if (one.Count != other.Count) return false;
        for (int i = 0; i < one.Count; i++)
        {
            if (!ReferenceEquals(one[i].Stage, other[i].Stage) || one[i].Domain != other[i].Domain || one[i].BasePath != other[i].BasePath) return false;
        }

        return true;
    }

    private static Utf8Table<ApiEntry> ApisOf(IReadOnlyList<MountedApi> apis, IReadOnlyList<StagePlan> stages, GatewaySnapshot? last)
    {
        var byId = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < stages.Count; i++)
        {
            if (!byId.TryGetValue(apis[i].Api.Id, out List<int>? same)) byId.Add(apis[i].Api.Id, same = new List<int>(1));
            same.Add(i);
        }

        var entries = new (Utf8Text, ApiEntry)[byId.Count];
        int count = 0;
        foreach ((string id, List<int> own) in byId)
        {
            bool isDisabled = own.Exists(i => stages[i].Api.IsDefaultEndpointDisabled);
            Utf8Text name = stages[own[0]].Api.Id;
            ApiEntry? known = last?.Apis.Find(name.Span);
            bool isSame = known is not null && known.IsDefaultEndpointDisabled == isDisabled && known.Stages.Count == own.Count && own.TrueForAll(i => ReferenceEquals(known.Stages.Find(stages[i].Name.Span), stages[i]));
            entries[count++] = (name, isSame ? known! : new ApiEntry(name, own.ConvertAll(i => stages[i]), isDisabled));
        }

        return new Utf8Table<ApiEntry>(entries);
    }

    private static Utf8Table<DomainPlan> DomainsOf(List<(string Domain, string BasePath, StagePlan Stage)> places, IReadOnlyList<DomainDefinition> described)
    {
        var domains = new Dictionary<string, List<(Utf8Text, StagePlan)>>(StringComparer.Ordinal);
        var known = new Dictionary<string, DomainDefinition>(StringComparer.Ordinal);
        foreach (DomainDefinition domain in described)
        {
            known.Add(domain.Name, domain);
            domains.Add(domain.Name, []);
        }

        foreach ((string domain, string basePath, StagePlan stage) in places)
        {
            if (domain.Length == 0) continue;
            if (!domains.TryGetValue(domain, out List<(Utf8Text, StagePlan)>? mappings)) domains.Add(domain, mappings = []);
            mappings.Add((basePath, stage));
        }

        return new Utf8Table<DomainPlan>(Array.ConvertAll([.. domains.Keys], name => ((Utf8Text)name, PlanOf(domains[name], DescriptionOf(name, known), known.GetValueOrDefault(name)))));
    }

    private static bool Caches(IReadOnlyList<StagePlan> stages)
    {
        foreach (StagePlan stage in stages)
        {
            if (stage.Main.Caches || stage.Canary is { Caches: true }) return true;
        }

        return false;
    }

    private static HashSet<UpstreamTls> UpstreamTlsOf(IReadOnlyList<StagePlan> stages)
    {
        var found = new HashSet<UpstreamTls>();
        foreach (StagePlan stage in stages)
        {
            found.UnionWith(stage.Main.UpstreamTls);
            if (stage.Canary is { } canary) found.UnionWith(canary.UpstreamTls);
        }

        return found;
    }

    private static List<UpstreamGroup> UpstreamsOf(IReadOnlyList<StagePlan> stages)
    {
        var found = new List<UpstreamGroup>();
        foreach (StagePlan stage in stages)
        {
            found.AddRange(stage.Main.Upstreams);
            if (stage.Canary is { } canary) found.AddRange(canary.Upstreams);
        }

        return found;
    }

    // What is said of a wildcard domain holds for each name below it, in the handshake and here alike: else a name of its own would be open.
    private static DomainDefinition? DescriptionOf(string name, Dictionary<string, DomainDefinition> known)
    {
        if (known.TryGetValue(name, out DomainDefinition? own)) return own;
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? known.GetValueOrDefault("*" + name[dot..]) : null;
    }

    private static DomainPlan PlanOf(List<(Utf8Text, StagePlan)> mappings, DomainDefinition? domain, DomainDefinition? own) => new(new BasePathTable(mappings))
    {
        TrustStore = domain?.MutualTls?.Identity,
        CutsUntrusted = domain?.MutualTls is { CutsUntrusted: true },
        IsStrict = domain is { IsStrict: true },
        ApiMappings = own is null ? [] : BuildDomain.Mappings(own),
        RoutingRules = own is null ? [] : BuildDomain.Rules(own),
        UsesMappings = own?.UsesMappings ?? true,
    };

    /// <summary>A snapshot and what its tables were made of.</summary>
    private sealed record Placed(GatewaySnapshot Snapshot, List<(string Domain, string BasePath, StagePlan Stage)> Places, SnapshotInputs Inputs);
}

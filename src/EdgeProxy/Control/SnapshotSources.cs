using EdgeProxy.Commands;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>Makes what a snapshot consists of besides APIs: of settings, and of the records of the management API.</summary>
internal static class SnapshotSources
{
    /// <summary>All of it.</summary>
    /// <param name="settings">The node's settings.</param>
    /// <param name="options">How the command line wants documents read.</param>
    /// <param name="book">The records.</param>
    /// <param name="ledger">What lives on of plans and keys.</param>
    /// <param name="isFunction">Whether a function can be called; null when nobody knows.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static SnapshotInputs Of(NodeSettings settings, RunOptions options, RecordBook book, UsageLedger ledger, Func<FunctionName, bool>? isFunction, ProblemList problems)
    {
        GatewaySettings gateway = Translation.GatewaySettings(settings);
        UsagePlanSet plans = CompileUsagePlans.Run([.. settings.UsagePlans, .. ReadUsagePlans.Run(book)], ledger, problems);
        FiledKeys filed = ApiKeyLoader.LoadFiled(settings, plans, problems);
        return new SnapshotInputs
        {
            FiledKeys = filed,
            Settings = gateway,
            DefaultRouteSettings = new RouteSettings { DetailedMetrics = settings.Metrics.Detailed },
            Options = ApiDocuments.OptionsOf(ConfigurationTarget.ChoicesOf(options, settings)),
            Domains = DomainsOf(settings, book),
            IsFunction = isFunction,
            Plans = plans,
            Keys = ApiKeyLoader.Load(filed, plans, problems, book),
            VpcLinks = LinksOf(gateway, book, gateway.VpcLinks),
            ClientCertificates = CertificatesOf(gateway, book),
        };
    }

    /// <summary>What they are after a change of records: what it does not touch is the same.</summary>
    /// <param name="before">What they were.</param>
    /// <param name="settings">The node's settings.</param>
    /// <param name="edit">The change.</param>
    /// <param name="ledger">What lives on of plans and keys.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static SnapshotInputs After(SnapshotInputs before, NodeSettings settings, BookEdit edit, UsageLedger ledger, ProblemList problems)
    {
        bool plansChange = ReadUsagePlans.Touches(edit);
        bool aidsChange = ReadUpstreamAids.Touches(edit);
        bool domainsChange = TouchesDomains(edit);
        if (!plansChange && !aidsChange && !domainsChange) return before;
        RecordBook book = edit.Result();
        UsagePlanSet plans = plansChange ? CompileUsagePlans.Run([.. settings.UsagePlans, .. ReadUsagePlans.Run(book)], ledger, problems) : before.Plans;

        // Their file is read by a reload alone.
        FiledKeys filed = before.FiledKeys ?? ApiKeyLoader.LoadFiled(settings, plans, problems);
        if (plansChange) filed.Judge(plans, problems);
        return new SnapshotInputs
        {
            FiledKeys = filed,
            Settings = before.Settings,
            DefaultRouteSettings = before.DefaultRouteSettings,
            Options = before.Options,
            Domains = domainsChange ? DomainsOf(settings, book) : before.Domains,
            IsFunction = before.IsFunction,
            Plans = plans,
            Keys = plansChange ? ApiKeyLoader.Load(filed, plans, problems, book) : before.Keys,
            VpcLinks = aidsChange ? LinksOf(before.Settings, book, before.VpcLinks) : before.VpcLinks,
            ClientCertificates = aidsChange ? CertificatesOf(before.Settings, book) : before.ClientCertificates,
        };
    }

    /// <summary>The certificates of the management API by the names that stand for them where a file would be named.</summary>
    public static Dictionary<string, (byte[] Certificate, byte[] Key)> KeptCertificates(RecordBook book)
    {
        var kept = new Dictionary<string, (byte[] Certificate, byte[] Key)>(StringComparer.Ordinal);
        foreach ((string id, (byte[] Certificate, byte[] Key) pem) in ReadUpstreamAids.Certificates(book)) kept.Add(NameOf(id), pem);
        return kept;
    }

    // No file has such a name, because it begins with no slash.
    private static string NameOf(string certificate) => $"the client certificate {certificate}";

    private static Dictionary<string, (string Certificate, string Key)> CertificatesOf(GatewaySettings gateway, RecordBook book)
    {
        var all = new Dictionary<string, (string Certificate, string Key)>(gateway.ClientCertificates, StringComparer.Ordinal);
        foreach (string id in ReadUpstreamAids.Certificates(book).Keys) all.TryAdd(id, (NameOf(id), NameOf(id)));
        return all;
    }

    // Settings say what a link stands for by its id, its name or its target. The same object where nothing comes of a change, so that no stage is bound anew.
    private static IReadOnlyDictionary<string, VpcLink> LinksOf(GatewaySettings gateway, RecordBook book, IReadOnlyDictionary<string, VpcLink> before)
    {
        Dictionary<string, VpcLink>? all = null;
        foreach ((string id, List<string> names) in ReadUpstreamAids.VpcLinks(book))
        {
            foreach (string name in names)
            {
                if (!gateway.VpcLinks.TryGetValue(name, out VpcLink? link)) continue;
                if (name != id) (all ??= new Dictionary<string, VpcLink>(gateway.VpcLinks, StringComparer.Ordinal))[id] = link;
                break;
            }
        }

        IReadOnlyDictionary<string, VpcLink> links = all ?? gateway.VpcLinks;
        return AreSame(links, before) ? before : links;
    }

    private static bool AreSame(IReadOnlyDictionary<string, VpcLink> one, IReadOnlyDictionary<string, VpcLink> other)
    {
        if (one.Count != other.Count) return false;
        foreach ((string id, VpcLink link) in one)
        {
            if (!other.TryGetValue(id, out VpcLink? known) || known != link) return false;
        }

        return true;
    }

    /// <summary>Domains as they are served, each once: in the snapshot and in handshakes the same, because a request is judged by both.</summary>
    /// <param name="settings">What files say, which counts before what was stored. What they leave out does not open what was closed there.</param>
    /// <param name="stored">The domains of the management API.</param>
    public static List<DomainDefinition> DomainsOf(NodeSettings settings, IEnumerable<DomainDefinition> stored)
    {
        List<DomainDefinition> domains = [.. settings.Domains.Select(static domain => domain.Definition)];
        foreach (DomainDefinition domain in stored)
        {
            int known = domains.FindIndex(other => other.Name == domain.Name);
            if (known < 0) domains.Add(domain);
            else domains[known] = Merged(domains[known], domain);
        }

        return domains;
    }

    private static List<DomainDefinition> DomainsOf(NodeSettings settings, RecordBook book)
    {
        var stored = new List<DomainDefinition>();
        foreach (RecordScope scope in book.Below(Scopes.DomainNames))
        {
            if (ReadDomain.Run(scope) is { } domain) stored.Add(domain);
        }

        return DomainsOf(settings, stored);
    }

    private static DomainDefinition Merged(DomainDefinition first, DomainDefinition second)
    {
        // A private one may have the name of another.
        if (second.IsPrivate) return first;
        if (first.IsPrivate) return second;
        DomainDefinition merged = first with
        {
            SecurityPolicy = first.SecurityPolicy ?? second.SecurityPolicy,
            IsStrict = first.IsStrict || second.IsStrict,
            MutualTls = first.MutualTls ?? second.MutualTls,
            UsesMappings = first.UsesMappings && second.UsesMappings,
        };
        bool isPlaced = first.ApiMappings.Count > 0 || first.RoutingRules.Count > 0;
        return isPlaced ? merged : merged with { ApiMappings = second.ApiMappings, RoutingRules = second.RoutingRules };
    }

    private static bool TouchesDomains(BookEdit edit)
    {
        foreach (RecordChange change in edit.Changes)
        {
            if (change.Kind is Kinds.DomainName or Kinds.ApiMapping or Kinds.RoutingRule) return true;
        }

        return false;
    }
}

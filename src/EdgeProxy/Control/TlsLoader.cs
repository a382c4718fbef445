using System.Globalization;
using System.Net;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Control;

/// <summary>Reads certificates, keys and trust stores, and works out what each name is served with. Everything that is wrong is told at once.</summary>
/// <remarks>
/// A name is served by its domain's own certificate, else by those that cover it: of each kind of key the one made for just that name before one
/// with a wildcard, and of two such the one that is valid longer.
/// </remarks>
internal sealed class TlsLoader
{
    private const int WarnDays = 30;

    // What metrics call the one for clients that ask for no name, or an unknown one.
    private const string Default = "_default";

    private readonly NodeSettings _settings;
    private readonly IReadOnlyList<LoadedApi> _apis;
    private readonly DateTimeOffset _now;
    private readonly IReadOnlyList<StoredDomain> _stored;
    private readonly ProblemList _problems;
    private readonly Telling _plainly;
    private readonly List<LoadedCertificate> _pool = [];
    private readonly List<LoadedCertificate> _all = [];
    private readonly Dictionary<string, TrustStore?> _stores = new(StringComparer.Ordinal);
    private readonly HashSet<(TlsPolicy Policy, bool IsStored)> _judged = [];
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly List<DomainDefinition> _domains;

    private TlsLoader(NodeSettings settings, IReadOnlyList<LoadedApi> apis, DateTimeOffset now, ProblemList problems, IReadOnlyList<StoredDomain> stored)
    {
        _stored = stored;
        _domains = SnapshotSources.DomainsOf(settings, stored.Select(static domain => domain.Definition));
        _settings = settings;
        _apis = apis;
        _now = now;
        _problems = problems;
        _plainly = new Telling(problems, null);
    }

    /// <summary>Loads all of it.</summary>
    /// <param name="settings">What is configured.</param>
    /// <param name="apis">The APIs, for the domains they are served by and the policies they ask for.</param>
    /// <param name="selfSigned">A certificate that was made rather than configured; null for none.</param>
    /// <param name="now">Warnings are by this clock.</param>
    /// <param name="problems">Gets what is wrong; with an error among it the result must not be served.</param>
    /// <param name="stored">The domains of the management API, about which nothing is an error: they were taken long ago; null for none.</param>
    public static LoadedTls Load(
        NodeSettings settings, IReadOnlyList<LoadedApi> apis, ServerCertificate? selfSigned, DateTimeOffset now, ProblemList problems, IReadOnlyList<StoredDomain>? stored = null)
    {
        var loader = new TlsLoader(settings, apis, now, problems, stored ?? []);
        return loader.Load(selfSigned);
    }

    /// <summary>Warns of certificates that end soon, or have ended since they were loaded.</summary>
    public static void WarnOfEnds(IReadOnlyList<LoadedCertificate> certificates, DateTimeOffset now, ProblemList problems)
    {
        foreach (LoadedCertificate certificate in certificates)
        {
            double days = (certificate.Certificate.NotAfter - now).TotalDays;
            if (days >= WarnDays) continue;
            string when = days < 0 ? "has ended" : string.Create(CultureInfo.InvariantCulture, $"ends in {(int)days} days");
            problems.Warning(ProblemCode.CertificateEndsSoon, null, string.Create(CultureInfo.InvariantCulture,
                $"The certificate in {certificate.File} for {certificate.Domain} {when}, on {certificate.Certificate.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Renew it."));
        }
    }

    /// <summary>Reads what connections to upstreams are secured with, so that no loop has to.</summary>
    /// <param name="settings">What is configured for all of them.</param>
    /// <param name="uses">Each way in which an integration speaks TLS.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="kept">Client certificates of the management API, by the names that stand for them; null for none.</param>
    /// <param name="taken">Those of the uses that were taken long ago: what is wrong with them is no error, and their connections fail; null for none.</param>
    public static UpstreamTlsContexts LoadUpstreams(
        NodeSettings settings, IReadOnlyCollection<UpstreamTls> uses, ProblemList problems, IReadOnlyDictionary<string, (byte[] Certificate, byte[] Key)>? kept = null,
        IReadOnlySet<UpstreamTls>? taken = null)
    {
        var contexts = new UpstreamTlsContexts(settings.UpstreamTls.CaFile);
        if (kept is not null) contexts.Kept = kept;
        LoadUpstreams(contexts, settings, uses, problems, taken);
        return contexts;
    }

    /// <summary>Reads what further ways of speaking TLS need, beside what is read already.</summary>
    public static void LoadUpstreams(UpstreamTlsContexts contexts, NodeSettings settings, IReadOnlyCollection<UpstreamTls> uses, ProblemList problems, IReadOnlySet<UpstreamTls>? taken = null)
    {
        var found = new HashSet<TlsProblem>();
        foreach (UpstreamTls use in uses)
        {
            var wrong = new List<TlsProblem>();
            contexts.TryPrepare(use, wrong);
            bool isTaken = taken?.Contains(use) == true;
            found.UnionWith(isTaken ? wrong.ConvertAll(static problem => problem with { IsWarning = true }) : wrong);
        }

        foreach (TlsProblem problem in found)
        {
            // The settings' own files have been looked at with their places already.
            bool known = settings.UpstreamTls.CaFile is { } file && problem.Text.Contains(file, StringComparison.Ordinal);
            if (!known) Report(new Telling(problems, null), [problem], settings.UpstreamTls.CaOrigin);
        }
    }

    private LoadedTls Load(ServerCertificate? selfSigned)
    {
        if (selfSigned is not null) _pool.Add(new LoadedCertificate("the self-signed certificate", selfSigned));
        foreach (CertificateSettings certificate in _settings.Tls.Certificates) AddToPool(certificate, certificate.Origin);
        if (_settings.Tls.CertificatesFolder is { } folder)
        {
            foreach (CertificateSettings certificate in CertificateFolder.Find(folder, _settings.Tls.FolderOrigin, _problems)) AddToPool(certificate, _settings.Tls.FolderOrigin);
        }

        _all.AddRange(_pool);
        var names = new Dictionary<string, TlsServerName>(StringComparer.Ordinal);
        foreach (DomainSettings domain in _settings.Domains) AddDomain(domain, names);
        foreach (StoredDomain domain in _stored) AddStored(domain, names);
        AddDomainsOfApis(names);
        AddNamesOfCertificates(names);
        AddDefaultEndpoints(names);
        TlsServerName? fallback = Fallback(selfSigned, names);
        CheckUpstreams();
        WarnOfEnds([.. _all.Where(loaded => loaded.Certificate.NotAfter > _now)], _now, _problems); // of those that have ended, reading them has warned
        return new LoadedTls([.. names.Values], fallback, _all);
    }

    private void AddToPool(CertificateSettings settings, Origin? origin)
    {
        // An ARN's files may be named by several settings.
        if (_pool.Exists(other => other.File == settings.Certificate)) return;
        if (ReadOrNull(settings, [], origin, _plainly) is { } certificate) _pool.Add(new LoadedCertificate(settings.Certificate, certificate));
    }

    private static ServerCertificate? ReadOrNull(CertificateSettings settings, string[] names, Origin? origin, Telling telling)
    {
        var found = new List<TlsProblem>();
        ServerCertificate? certificate = ServerCertificate.LoadOrNull(settings.Certificate, settings.Key, settings.Ocsp, names, found);
        Report(telling, found, origin);
        return certificate;
    }

    private void AddDomain(DomainSettings domain, Dictionary<string, TlsServerName> names)
    {
        string name = domain.Definition.Name;
        IReadOnlyList<ServerCertificate> certificates;
        if (domain.Certificate is { } own)
        {
            ServerCertificate? certificate = ReadOrNull(own, [name], domain.Definition.Origin, _plainly);
            if (certificate is not null && !_all.Exists(other => other.File == own.Certificate)) _all.Add(new LoadedCertificate(own.Certificate, certificate));
            certificates = certificate is null ? [] : [certificate];
        }
        else
        {
            certificates = BestFor(name);
            if (certificates.Count == 0 && _settings.HasTlsListener)
            {
                _problems.Error(ProblemCode.NoCertificate, domain.Definition.Origin, $"No certificate covers {name}. Add one to tls.certificates or tls.certificatesFolder, or name the domain's own.");
            }
        }

        // Read even where nothing serves it, so that what is wrong with it shows.
        TlsServerName served = Make(name, certificates, domain.Definition, _plainly);
        if (certificates.Count > 0) names[name] = served;
    }

    private void AddStored(StoredDomain domain, Dictionary<string, TlsServerName> names)
    {
        string name = domain.Definition.Name;
        var telling = new Telling(_problems, name);

        // The certificates of settings stand; what both say of the domain holds.
        IReadOnlyList<ServerCertificate> certificates = names.TryGetValue(name, out TlsServerName? known) ? known.Certificates : CertificatesOf(domain, telling);

        // One whose trust store cannot be read trusts nobody.
        TlsServerName served = Make(name, certificates, DescriptionOf(name), telling);
        bool isRefused = served.Policy.WantsPostQuantum && _settings.Tls.RequirePq;
        if (isRefused) _refused.Add(name);
        if (isRefused) names.Remove(name);
        else if (certificates.Count > 0) names[name] = served;
    }

    private IReadOnlyList<ServerCertificate> CertificatesOf(StoredDomain domain, Telling telling)
    {
        string name = domain.Definition.Name;
        if (domain.Text is { } text)
        {
            var found = new List<TlsProblem>();
            ServerCertificate? own = ServerCertificate.ReadOrNull(text.Certificate, text.Key, null, [name], $"the certificate of {name}", found);
            Report(telling, found, null);
            return own is null ? [] : [own];
        }

        if (domain.File is { } file && ReadOrNull(file, [name], null, telling) is { } named) return [named];
        return BestFor(name);
    }

    private void AddDomainsOfApis(Dictionary<string, TlsServerName> names)
    {
        foreach (LoadedApi api in _apis)
        {
            foreach (string written in api.Settings.Domains)
            {
                string name = written.ToLowerInvariant();
                if (names.ContainsKey(name) || _refused.Contains(name)) continue;
                IReadOnlyList<ServerCertificate> certificates = BestFor(name);
                if (certificates.Count > 0) names[name] = Make(name, certificates, DescriptionOf(name), _plainly);
                else if (_settings.HasTlsListener && !_settings.Domains.Any(domain => domain.Definition.Name == name))
                {
                    _problems.Warning(ProblemCode.NoCertificate, api.Settings.Origin, $"No certificate covers {name}, so that its clients over TLS are refused. Add one to tls.certificates or tls.certificatesFolder.");
                }
            }
        }
    }

    private void AddNamesOfCertificates(Dictionary<string, TlsServerName> names)
    {
        foreach (LoadedCertificate loaded in _pool)
        {
            foreach (string name in loaded.Certificate.Names)
            {
                // A client that has only an address asks for no name.
                if (!names.ContainsKey(name) && !_refused.Contains(name) && !IPAddress.TryParse(name, out _)) names[name] = Make(name, BestFor(name), DescriptionOf(name), _plainly);
            }
        }
    }

    // An API's own policy holds for {id}.execute-api.* too, wherever a certificate is for such names.
    private void AddDefaultEndpoints(Dictionary<string, TlsServerName> names)
    {
        const string Service = "*.execute-api.";
        string[] services = [.. names.Keys.Where(name => name.StartsWith(Service, StringComparison.Ordinal))];
        foreach (LoadedApi api in _apis)
        {
            if (PolicyOf(api) is null) continue;
            foreach (string service in services)
            {
                string name = api.Definition.Id + service[1..];
                if (!names.ContainsKey(name)) names[name] = Make(name, names[service].Certificates, null, _plainly) with { Policy = Judged(PolicyOf(api)!, api.Definition.Endpoint!.Origin, _plainly) };
            }
        }
    }

    private TlsServerName? Fallback(ServerCertificate? selfSigned, Dictionary<string, TlsServerName> names)
    {
        if (_settings.Tls.DefaultCertificate is not { } name)
        {
            return selfSigned is null ? null : Make(Default, [selfSigned], null, _plainly);
        }

        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (names.TryGetValue(name, out TlsServerName? served) || (dot > 0 && names.TryGetValue("*" + name[dot..], out served))) return Make(Default, served.Certificates, null, _plainly);
        _problems.Error(ProblemCode.NoCertificate, _settings.Tls.DefaultOrigin, $"\"tls.defaultCertificate\" is {name}, which no certificate covers. Correct it, or add the certificate.");
        return null;
    }

    private TlsServerName Make(string name, IReadOnlyList<ServerCertificate> certificates, DomainDefinition? domain, Telling telling) => new()
    {
        Name = name,
        Certificates = certificates,
        Policy = PolicyFor(name, domain, telling),
        TrustStore = domain?.MutualTls is { } mutual ? StoreOf(mutual, domain.Origin, telling) : null,
        Demand = domain?.MutualTls is { CutsUntrusted: true } ? ClientCertificateDemand.Require : ClientCertificateDemand.Judge,
    };

    // The page on policies says that the API's is negotiated when a domain with another one is called (security.md 11).
    private TlsPolicy PolicyFor(string name, DomainDefinition? domain, Telling telling)
    {
        LoadedApi[] apis = [.. _apis.Where(api => PolicyOf(api) is not null && api.Settings.Domains.Contains(domain?.Name ?? name, StringComparer.OrdinalIgnoreCase))];
        string[] policies = [.. apis.Select(api => PolicyOf(api)!).Distinct(StringComparer.Ordinal)];
        if (policies.Length == 1) return Judged(policies[0], apis[0].Definition.Endpoint!.Origin, telling);
        return domain?.SecurityPolicy is { } own ? Judged(own, domain.Origin, telling) : Judged(_settings.Tls.SecurityPolicy, _settings.Tls.PolicyOrigin, telling);
    }

    private static string? PolicyOf(LoadedApi api) => api.Definition.Endpoint?.SecurityPolicy is { } name && TlsPolicy.FindOrNull(name) is not null ? name : null;

    private TlsPolicy Judged(string name, Origin? origin, Telling telling)
    {
        TlsPolicy policy = TlsPolicy.FindOrNull(name)!;
        if (!_judged.Add((policy, telling.IsStored))) return policy;
        if (policy.WantsPostQuantum && _settings.Tls.RequirePq)
        {
            telling.Error(ProblemCode.NoPostQuantum, origin, $"The policy {name} wants post-quantum key exchange, and this build has no such group. Choose another policy, or set tls.requirePq: false to serve its classical part.");
        }
        else if (policy.Warning is { } warning)
        {
            telling.Warning(ProblemCode.NoPostQuantum, origin, $"The policy {name}: {warning}. What else it says is served.");
        }

        return policy;
    }

    // What is said of a wildcard domain holds for each name below it.
    private DomainDefinition? DescriptionOf(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string? wildcard = dot > 0 ? "*" + name[dot..] : null;
        return _domains.Find(domain => domain.Name == name) ?? _domains.Find(domain => domain.Name == wildcard);
    }

    private TrustStore? StoreOf(MutualTlsDefinition mutual, Origin? origin, Telling telling)
    {
        if (_stores.TryGetValue(mutual.Identity, out TrustStore? known)) return known;
        var found = new List<TlsProblem>();
        TrustStore? store = TrustStore.LoadOrNull(mutual.Identity, mutual.Truststore, mutual.Crl is null ? [] : [mutual.Crl], found);
        Report(telling, found, origin);
        if (telling.IsStored) store ??= TrustStore.OfNobody(mutual.Identity);
        return _stores[mutual.Identity] = store;
    }

    private List<ServerCertificate> BestFor(string name)
    {
        var best = new List<ServerCertificate>();
        foreach (bool rsa in (ReadOnlySpan<bool>)[false, true])
        {
            ServerCertificate? found = _pool.Select(loaded => loaded.Certificate)
                .Where(certificate => certificate.IsRsa == rsa && certificate.Covers(name))
                .OrderByDescending(certificate => certificate.NotAfter > _now)
                .ThenByDescending(certificate => certificate.Names.Contains(name))
                .ThenByDescending(certificate => certificate.NotAfter)
                .FirstOrDefault();
            if (found is not null) best.Add(found);
        }

        return best;
    }

    private void CheckUpstreams()
    {
        UpstreamTlsSettings upstream = _settings.UpstreamTls;
        var found = new List<TlsProblem>();
        if (upstream.CaFile is { } file)
        {
            TrustStore.LoadOrNull(file, file, [], found);
            Report(_plainly, found, upstream.CaOrigin);
        }

        foreach (ClientCertificateSettings certificate in upstream.ClientCertificates)
        {
            found.Clear();
            if (ServerCertificate.LoadOrNull(certificate.Certificate, certificate.Key, null, [], found) is { } loaded) _all.Add(new LoadedCertificate(certificate.Certificate, loaded));
            Report(_plainly, found, certificate.Origin);
        }
    }

    private static void Report(Telling telling, IEnumerable<TlsProblem> found, Origin? origin)
    {
        foreach (TlsProblem problem in found)
        {
            ProblemCode code = problem.Code switch
            {
                TlsProblemCode.UnreadableFile => ProblemCode.UnreadableFile,
                TlsProblemCode.Expired or TlsProblemCode.NotYetValid => ProblemCode.CertificateNotValid,
                TlsProblemCode.NameNotCovered => ProblemCode.NameNotCovered,
                TlsProblemCode.BadTrustEntry or TlsProblemCode.BadRevocationList => ProblemCode.BadTrustStore,
                _ => ProblemCode.BadCertificate,
            };
            if (problem.IsWarning) telling.Warning(code, origin, problem.Text);
            else telling.Error(code, origin, problem.Text);
        }
    }

    /// <summary>How what is wrong is told: of files and settings as it is, of a domain of the management API as a warning that names it.</summary>
    private readonly struct Telling(ProblemList problems, string? storedDomain)
    {
        public bool IsStored => storedDomain is not null;

        public void Error(ProblemCode code, Origin? origin, string text)
        {
            if (IsStored) Warning(code, origin, text);
            else problems.Error(code, origin, text);
        }

        public void Warning(ProblemCode code, Origin? origin, string text) => problems.Warning(code, origin, IsStored ? $"The custom domain {storedDomain}: {text}" : text);
    }
}

using EdgeProxy.Admin;
using EdgeProxy.Commands;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;
using EdgeProxy.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>Puts a configuration in force on a node: the snapshot, and the settings that can change while it runs.</summary>
/// <remarks>Control thread only.</remarks>
internal sealed class ConfigurationTarget : IConfigurationTarget
{
    private readonly Composition _parts;
    private readonly NodeSettings _started;
    private readonly RunOptions _options;
    private readonly TimeProvider _time;
    private readonly ApiDocuments _documents = new();
    private ServerCertificate? _selfSigned;
    private IReadOnlyList<LoadedCertificate> _certificates = [];
    private IReadOnlyList<LoadedApi> _apis = [];

    /// <param name="parts">The node.</param>
    /// <param name="started">The settings it was put together with.</param>
    /// <param name="options">How the command line wants documents read.</param>
    /// <param name="time">By which certificates are judged.</param>
    public ConfigurationTarget(Composition parts, NodeSettings started, RunOptions options, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _parts = parts;
        _started = started;
        _options = options;
        Current = started;
        parts.Publisher.ServeDomains = ServeDomains;
    }

    /// <summary>The settings in force, as far as they can change.</summary>
    public NodeSettings Current { get; private set; }

    public long Version => _parts.Snapshots.Version;

    public int Apis { get; private set; }

    public int Routes { get; private set; }

    /// <summary>The management APIs; null where nobody calls them.</summary>
    public ManagementApi? Management { get; set; }

    public bool TryApply(NodeSettings settings, ProblemList problems)
    {
        // A call of the management API changes what is served before or after, never in between.
        lock (_parts.Publisher.Changes) return TryApplyAlone(settings, problems);
    }

    private bool TryApplyAlone(NodeSettings settings, ProblemList problems)
    {
        IReadOnlyList<LoadedApi> apis = _documents.Load(settings.Apis, ChoicesOf(_options, settings), problems);
        LoadedTls tls = TlsLoader.Load(settings, apis, SelfSigned(settings), _time.GetUtcNow(), problems, StoredDomain.AllOf(settings, _parts.Publisher.Book));
        LoadedFunctions functions = FunctionLoader.Load(settings.Lambda, _options.Sources.Environment, _parts.CallMetrics, problems);
        if (_parts.Publisher.ConfigureOrNull(settings, apis, _options, functions, problems) is not { } publication)
        {
            _parts.Snapshots.CountRefused();
            return false;
        }

        // In between, what either of them asks for and the other does not is misdirected (CheckHandshake); so neither may be first in a harmful way.
        FunctionTable table = functions.Table(_parts.LocalFunctions.Apply([.. functions.Local.Select(static local => local.Options)]));
        foreach (FunctionClients clients in _parts.Functions) clients.Table = table;
        publication.Publish();
        Serve(tls, settings);
        _documents.Keep(apis);
        _apis = apis;
        Apis = _parts.Publisher.Apis;
        Routes = _parts.Compiler.Routes;
        Apply(settings);
        return true;
    }

    /// <summary>Serves the custom domains of the management API with their certificates from the next handshakes on. What is wrong with them is logged.</summary>
    public void ServeDomains(RecordBook book)
    {
        if (!_started.HasTlsListener) return;
        var problems = new ProblemList();
        LoadedTls tls = TlsLoader.Load(Current, _apis, SelfSigned(Current), _time.GetUtcNow(), problems, StoredDomain.AllOf(Current, book));
        foreach (Problem problem in problems) ProcessLog.Problem(_parts.Log, problem.Severity == ProblemSeverity.Error ? LogLevel.Error : LogLevel.Warning, ProblemWriter.Line(problem));

        // A file that went bad meanwhile is the next reload's to tell; what serves goes on serving.
        if (!problems.HasErrors) Serve(tls, Current);
    }

    /// <summary>Compiles what files say; null when there are errors. Goes on after documents that could not be read, to find all problems at once.</summary>
    public static GatewaySnapshot? Compile(SnapshotCompiler compiler, IReadOnlyList<LoadedApi> apis, NodeSettings settings, RunOptions options, ProblemList problems, Func<FunctionName, bool>? isFunction = null) =>
        compiler.Compile(ApiDocuments.Mounted(apis), SnapshotSources.Of(settings, options, RecordBook.Empty, compiler.Usage, isFunction, problems), problems);

    /// <summary>How documents are read for a node with these options and settings.</summary>
    public static ImportChoices ChoicesOf(RunOptions options, NodeSettings settings) => new(
        options.BasePath switch
        {
            "ignore" => BasePathMode.Ignore,
            "prepend" => BasePathMode.Prepend,
            "split" => BasePathMode.Split,
            _ => BasePathMode.Mount,
        },
        options.Strict,
        (int)Math.Min(int.MaxValue, settings.Timeouts.Integration / 1_000_000));

    /// <summary>Says which certificates end soon, for those who read the log rather than the metrics.</summary>
    public void WarnOfCertificates()
    {
        var problems = new ProblemList();
        TlsLoader.WarnOfEnds(_certificates, _time.GetUtcNow(), problems);
        foreach (Problem problem in problems) ProcessLog.Problem(_parts.Log, LogLevel.Warning, ProblemWriter.Line(problem));
    }

    // For every domain there is, so that all of them can be tried out. Once: a reload must not make the browser ask again.
    private ServerCertificate? SelfSigned(NodeSettings settings)
    {
        if (!settings.Tls.SelfSigned || _selfSigned is not null) return _selfSigned;
        (byte[] certificate, byte[] key) = SelfSignedCertificate.Create(NamesOf(settings));
        _selfSigned = ServerCertificate.ReadOrNull(certificate, key, null, [], "the self-signed certificate", [])!;
        ProcessLog.SelfSigned(_parts.Log, string.Join(", ", _selfSigned.Names), _selfSigned.Fingerprint);
        return _selfSigned;
    }

    private static string[] NamesOf(NodeSettings settings) =>
        [.. settings.Domains.Select(static domain => domain.Definition.Name).Concat(settings.Apis.SelectMany(static api => api.Domains))
            .Where(SelfSignedCertificate.IsHostName)];

    private void Serve(LoadedTls tls, NodeSettings settings)
    {
        _certificates = tls.Certificates;
        _parts.Certificates.Show(tls.Certificates);

        // Listeners are those of the start.
        if (!_started.HasTlsListener) return;
        _parts.ServeTls(new TlsServerContexts(tls.Names, tls.Fallback, _parts.Loops.Length + 1), Translation.TlsOptions(settings));
    }

    private void Apply(NodeSettings settings)
    {
        _parts.NodeLog.MinimumLevel = Composition.LevelOf(settings.Logs.Level);
        _parts.AdminAccess.Rules = AdminRules.Of(settings);
        _parts.Explain.Conditions = Translation.ExplainConditions(settings);
        UpstreamOptions upstreams = Translation.UpstreamOptions(settings);
        ServerOptions[] listeners = [.. _started.Listeners.Select(listener => Translation.ServerOptions(settings, listener))];
        for (int loop = 0; loop < _parts.Loops.Length; loop++)
        {
            // Both take a new record in one write; what is under way keeps the one it began with.
            _parts.Clients[loop].Options = upstreams;
            IReadOnlyList<HttpServer> servers = _parts.DataServersOf(loop);
            for (int i = 0; i < servers.Count; i++) servers[i].Options = listeners[i];
        }

        if (Management is { } management) management.Options = settings.Management.Options;
        if (_parts.Admin.Management is { } page) page.MostBody = settings.Management.Body;
        WarnOfRestarts(settings);
        Current = settings;
    }

    // Compared with what was in force, so that the same difference is not told again at every reload.
    private void WarnOfRestarts(NodeSettings settings)
    {
        Warn("listeners", settings.Listeners.SequenceEqual(Current.Listeners));
        Warn("admin.url", settings.Admin.Url == Current.Admin.Url);
        Warn("loops", settings.Loops == Current.Loops);
        Warn("loopBackend", settings.LoopBackend == Current.LoopBackend);
        Warn("data", settings.Data == Current.Data);
        Warn("connections", settings.Connections == Current.Connections);
        Warn("upstream.dnsTtl", settings.Upstream.DnsTtl == Current.Upstream.DnsTtl);
        Warn("logs.access", (settings.Logs with { Level = "" }) == (Current.Logs with { Level = "" }));
        Warn("audit", settings.Audit == Current.Audit);
        Warn("metrics.maxSeries", settings.Metrics.MaxSeries == Current.Metrics.MaxSeries);

        void Warn(string setting, bool same)
        {
            if (!same) ProcessLog.RestartNeeded(_parts.Log, setting);
        }
    }
}

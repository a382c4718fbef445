using EdgeProxy.Commands;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Server;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>Puts a configuration in force on a node: the snapshot, and the settings that can change while it runs.</summary>
/// <remarks>Control thread only.</remarks>
internal sealed class ConfigurationTarget : IConfigurationTarget
{
    private readonly Composition _parts;
    private readonly NodeSettings _started;
    private readonly RunOptions _options;
    private readonly ApiDocuments _documents = new();

    /// <param name="parts">The node.</param>
    /// <param name="started">The settings it was put together with.</param>
    /// <param name="options">How the command line wants documents read.</param>
    public ConfigurationTarget(Composition parts, NodeSettings started, RunOptions options)
    {
        _parts = parts;
        _started = started;
        _options = options;
        Current = started;
    }

    /// <summary>The settings in force, as far as they can change.</summary>
    public NodeSettings Current { get; private set; }

    public long Version => _parts.Snapshots.Version;

    public int Apis { get; private set; }

    public int Routes { get; private set; }

    public bool TryApply(NodeSettings settings, ProblemList problems)
    {
        IReadOnlyList<LoadedApi> apis = _documents.Load(settings.Apis, ChoicesOf(_options, settings), problems);
        if (Compile(_parts.Compiler, apis, settings, _options, problems) is not { } snapshot || problems.HasErrors)
        {
            _parts.Snapshots.CountRefused();
            return false;
        }

        _parts.Snapshots.Swap(snapshot);
        _documents.Keep(apis);
        _parts.Compiler.Keep();
        Apis = apis.Count;
        Routes = _parts.Compiler.Routes;
        Apply(settings);
        return true;
    }

    /// <summary>Compiles; null when there are errors. Goes on after documents that could not be read, to find all problems at once.</summary>
    public static GatewaySnapshot? Compile(SnapshotCompiler compiler, IReadOnlyList<LoadedApi> apis, NodeSettings settings, RunOptions options, ProblemList problems) =>
        compiler.Compile(
            ApiDocuments.Mounted(apis), Translation.GatewaySettings(settings), new RouteSettings { DetailedMetrics = settings.Metrics.Detailed },
            ApiDocuments.OptionsOf(ChoicesOf(options, settings)), problems);

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

    private void Apply(NodeSettings settings)
    {
        _parts.NodeLog.MinimumLevel = Composition.LevelOf(settings.Logs.Level);
        _parts.Admin.MetricsAllow = settings.Admin.MetricsAllow;
        UpstreamOptions upstreams = Translation.UpstreamOptions(settings);
        ServerOptions[] listeners = [.. _started.Listeners.Select(listener => Translation.ServerOptions(settings, listener))];
        for (int loop = 0; loop < _parts.Loops.Length; loop++)
        {
            // Both take a new record in one write; what is under way keeps the one it began with.
            _parts.Clients[loop].Options = upstreams;
            IReadOnlyList<HttpServer> servers = _parts.DataServersOf(loop);
            for (int i = 0; i < servers.Count; i++) servers[i].Options = listeners[i];
        }

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
        Warn("metrics.maxSeries", settings.Metrics.MaxSeries == Current.Metrics.MaxSeries);

        void Warn(string setting, bool same)
        {
            if (!same) ProcessLog.RestartNeeded(_parts.Log, setting);
        }
    }
}

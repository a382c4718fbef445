using EdgeProxy.Admin;
using EdgeProxy.Commands;
using EdgeProxy.Compiler;
using EdgeProxy.Control;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.TestInvocations;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Platform;
using EdgeProxy.Settings;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Loops;
using EdgeProxy.Transport.Loops.Uring;
using EdgeProxy.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace EdgeProxy;

/// <summary>A node put together: who is given what. All wiring is here, by hand; nothing here decides anything.</summary>
internal sealed class Composition
{
    private readonly List<Listener>[] _dataListeners;
    private readonly List<HttpServer>[] _dataServers;

    // One for all TLS listeners of a loop: what is under way counts together.
    private readonly TlsAcceptor?[] _acceptors;

    /// <param name="settings">The node's settings at its start.</param>
    /// <param name="descriptors">What the kernel grants.</param>
    public Composition(NodeSettings settings, DescriptorLimit descriptors)
    {
        int loops = settings.Loops ?? Environment.ProcessorCount;
        Metrics = new MetricRegistry(stripes: loops + 1, settings.Metrics.MaxSeries);
        var logMetrics = new LogMetrics(Metrics);
        NodeLog = new NodeLoggerProvider(new NodeLogOptions { MinimumLevel = LevelOf(settings.Logs.Level) }, logMetrics);
        Log = NodeLog.CreateLogger("EdgeProxy");
        State = new NodeState();
        Connections = new ConnectionLimits(settings.Connections.Total ?? descriptors.DefaultConnections(), Math.Max(0, settings.Connections.PerIp));

        Loops = NewDataLoops(loops, settings.LoopBackend);
        _dataListeners = [.. Loops.Select(_ => new List<Listener>())];
        _dataServers = [.. Loops.Select(_ => new List<HttpServer>())];
        _acceptors = new TlsAcceptor?[loops + 1];
        AdminLoop = settings.Admin.Url is null ? null : new EpollLoop(loops, OnLoopFailed(loops));

        AccessLog = OpenAccessLog(settings.Logs, loops, logMetrics);
        AuditLines = settings.Audit.Path == "off"
            ? null
            : new AccessLog(1, new AccessLogOptions { Kind = "audit", Path = settings.Audit.Path == "stdout" ? null : settings.Audit.Path, MaxBytes = 16 << 20 }, logMetrics, Log);
        Server = new ServerMetrics(Metrics);
        var gatewayMetrics = new GatewayMetrics(Metrics, Server.Limits);
        var upstreamMetrics = new UpstreamMetrics(Metrics);
        Snapshots = new SnapshotHolder();
        var live = new LiveRegistry(gatewayMetrics);
        Compiler = new SnapshotCompiler(live);
        Usage = new ReadUsage(live.Usage, TimeProvider.System);
        SetUsage = new SetUsage(live.Usage, TimeProvider.System);
        Clients = new UpstreamClients[loops];
        Functions = new FunctionClients[loops + (AdminLoop is null ? 0 : 1)];
        CallMetrics = new CallMetrics(Metrics);
        TlsMetrics = new TlsMetrics(Metrics);
        SecureConnectors = new TlsConnector[Functions.Length];
        LocalFunctions = new LocalFunctionHost(AdminLoop is null ? Loops : [.. Loops, AdminLoop], Metrics, NodeLog.CreateLogger("EdgeProxy.Lambda"), WorkerStart.Launcher, keepers: Loops.Length);
        var contexts = new UpstreamTlsContexts();
        var services = new LoopServices[Functions.Length];
        ILogger gatewayLog = NodeLog.CreateLogger("EdgeProxy.Gateway");
        for (int i = 0; i < loops; i++)
        {
            SocketLoop loop = Loops[i];
            AccessLogProducer? lines = AccessLog?.Producer(i);
            SocketConnector connector = new(loop);
            SecureConnectors[i] = new TlsConnector(loop, connector, contexts, TlsMetrics);
            Clients[i] = new UpstreamClients(loop, connector, Translation.UpstreamOptions(settings), upstreamMetrics, secure: new SecureConnector(SecureConnectors[i]));
            Functions[i] = new FunctionClients(loop, Clients[i], CallMetrics, TimeProvider.System);
            services[i] = new LoopServices(gatewayMetrics, Clients[i], lines, new FastRandom(), TimeProvider.System) { Log = gatewayLog, Functions = Functions[i], Shedder = new LoadShedder(loop) };
            if (lines is not null) loop.OnTurn = lines.Tick;
        }

        if (AdminLoop is not null)
        {
            // For those who invoke functions by the admin listener.
            SocketConnector connector = new(AdminLoop);
            SecureConnectors[loops] = new TlsConnector(AdminLoop, connector, contexts, TlsMetrics);
            var upstreams = new UpstreamClients(AdminLoop, connector, Translation.UpstreamOptions(settings), upstreamMetrics, secure: new SecureConnector(SecureConnectors[loops]));
            Functions[loops] = new FunctionClients(AdminLoop, upstreams, CallMetrics, TimeProvider.System);

            // For the emulators' URL forms; what they bring is little, and not in the access log.
            services[loops] = new LoopServices(gatewayMetrics, upstreams, accessLog: null, new FastRandom(), TimeProvider.System) { Log = gatewayLog, Functions = Functions[loops] };
            TestInvoke = new TestInvoke(Snapshots, AdminLoop, new LoopServices(gatewayMetrics, upstreams, accessLog: null, new FastRandom(), TimeProvider.System) { IsRehearsal = true, Log = gatewayLog, Functions = Functions[loops] });
        }

        Health = new HealthWatch(Loops[0], Clients[0], new FastRandom(), gatewayLog);
        Gateway = new GatewayHandler(Snapshots, services);
        Explain = new Explain(TimeProvider.System);
        AdminAccess = new AdminAccess(AdminRules.Of(settings), Metrics, Log, TimeProvider.System);
        Admin = new AdminHandler(Metrics, State, () => Snapshots.Version, AdminAccess, new ExplainPage(Explain, Snapshots, Metrics, Server, Log), AdminLoop is null ? null : new InvokePage(Functions[^1]), new UpstreamsPage(Snapshots), new FlushPage(Snapshots, Metrics, Log), Gateway, Server);
        Certificates = new CertificateMetrics(Metrics);
        ProcessMetrics.Register(Metrics);
        RuntimeMetrics.Register(Metrics, BuildVersion.Number, BuildVersion.Revision, BuildVersion.Runtime);
        Metrics.CounterFunction("edgeproxy_accept_pauses_total", "Times a listener stopped accepting for a moment because the process was out of descriptors.")
            .Add(() => Listeners.Sum(listener => listener.Paused));
        LoopMetrics.Register(Metrics, AdminLoop is null ? Loops : [.. Loops, AdminLoop]);
        Publisher = new Publisher(this);
    }

    public MetricRegistry Metrics { get; }

    public NodeLoggerProvider NodeLog { get; }

    public ILogger Log { get; }

    public NodeState State { get; }

    /// <summary>The data connections of all loops.</summary>
    public ConnectionLimits Connections { get; }

    /// <summary>The data loops.</summary>
    public SocketLoop[] Loops { get; }

    /// <summary>Not counted in <c>loops</c>, so that a scrape never costs the data plane; null without an admin listener.</summary>
    public SocketLoop? AdminLoop { get; }

    /// <summary>Null when it is off.</summary>
    public AccessLog? AccessLog { get; }

    /// <summary>Management calls as lines; null when that is off. The audit is its only producer.</summary>
    public AccessLog? AuditLines { get; }

    public SnapshotHolder Snapshots { get; }

    /// <summary>Whoever holds <see cref="Publisher.Changes"/>.</summary>
    public SnapshotCompiler Compiler { get; }

    /// <summary>Puts in force what files say and what is stored.</summary>
    public Publisher Publisher { get; }

    /// <summary>What API keys use of usage plans.</summary>
    public ReadUsage Usage { get; }

    public SetUsage SetUsage { get; }

    /// <summary>By loop.</summary>
    public UpstreamClients[] Clients { get; }

    /// <summary>What calls functions, by loop; the admin loop is the last.</summary>
    public FunctionClients[] Functions { get; }

    /// <summary>What calls of functions count.</summary>
    public CallMetrics CallMetrics { get; }

    /// <summary>The functions that this node runs. Control thread only.</summary>
    public LocalFunctionHost LocalFunctions { get; }

    /// <summary>What connects to upstreams by TLS, by loop; the admin loop is the last.</summary>
    public TlsConnector[] SecureConnectors { get; }

    public GatewayHandler Gateway { get; }

    /// <summary>Asks upstreams' targets whether they work. First data loop only.</summary>
    public HealthWatch Health { get; }

    public AdminHandler Admin { get; }

    public AdminAccess AdminAccess { get; }

    /// <summary>Admin loop only, but for its conditions.</summary>
    public Explain Explain { get; }

    /// <summary>Calls methods without a deployment. Admin loop only; null without one.</summary>
    public TestInvoke? TestInvoke { get; }

    public ServerMetrics Server { get; }

    public TlsMetrics TlsMetrics { get; }

    public CertificateMetrics Certificates { get; }

    /// <summary>What the TLS listeners serve; null before it is loaded, and where there are none. Control thread only.</summary>
    public TlsServer? Tls { get; private set; }

    /// <summary>Every listener's share on every loop, the admin listener's among them.</summary>
    public List<Listener> Listeners { get; } = [];

    /// <summary>The data listeners' shares on one loop.</summary>
    public IReadOnlyList<Listener> ListenersOf(int loop) => _dataListeners[loop];

    /// <summary>The servers of the data listeners on one loop, in the order of the listeners.</summary>
    public IReadOnlyList<HttpServer> DataServersOf(int loop) => _dataServers[loop];

    /// <summary>Opens the management APIs over what is stored.</summary>
    /// <param name="store">The store.</param>
    /// <param name="settings">The node's settings.</param>
    public ManagementApi AddManagement(NodeStore store, NodeSettings settings)
    {
        var services = new ManagementServices
        {
            Store = store.Records,
            Publisher = Publisher,
            Usage = Usage,
            SetUsage = SetUsage,
            KeepUsage = store.KeepUsage,
            FlushCache = (api, stage) => FlushCache.Run(Snapshots, api, stage),
            HasCertificate = arn => (Publisher.Settings ?? settings).Tls.Certificates.Any(certificate => certificate.Arn == arn),
            CheckCertificate = CertificateCheck.Run,
            DeploymentFailed = Publisher.TellFailed,
            NewClientCertificate = SelfSignedCertificate.CreateForClient,
            Test = TestInvoke,
            Audit = store.Audit,
        };
        var management = new ManagementApi(new OperationTable(OperationList.All), store.Book, services, settings.Management.Options, TimeProvider.System, Publisher.Changes);
        Publisher.Open(store.Records, store.Book);
        Admin.Management = new ManagementPage(management, settings.Management.Body, Server);
        return management;
    }

    /// <summary>Has TLS listeners serve something from their next handshakes on.</summary>
    public void ServeTls(TlsServerContexts contexts, TlsOptions options)
    {
        if (Tls is null)
        {
            Tls = new TlsServer(contexts, options, TlsMetrics);
            return;
        }

        Tls.Contexts = contexts;
        Tls.Options = options;
    }

    /// <summary>Gives a data listener a server on each loop.</summary>
    /// <param name="settings">The node's settings.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="sockets">Its bound sockets, one for each loop.</param>
    public void AddData(NodeSettings settings, ListenerSettings listener, IReadOnlyList<ListenerSocket> sockets)
    {
        IpEndpoint bound = sockets[0].Endpoint;
        var facts = new ListenerFacts(listener.Name, IsAdmin: false, listener.Url.IsTls, bound.Address.IsLoopback, bound.Port);
        for (int i = 0; i < Loops.Length; i++)
        {
            var server = new HttpServer(Loops[i], facts, Gateway, Translation.ServerOptions(settings, listener), Connections, Server, OnHandlerFailed, AcceptorOrNull(listener.Url, i));
            var share = new Listener(Loops[i], sockets[i], server, Connections);
            Listeners.Add(share);
            _dataListeners[i].Add(share);
            _dataServers[i].Add(server);
        }
    }

    /// <summary>Gives the admin listener its server.</summary>
    public void AddAdmin(NodeSettings settings, ListenerSocket socket)
    {
        // Of its own, so that a crowded data plane can still be looked at.
        var limits = new ConnectionLimits(total: 256, perAddress: 0);
        var facts = new ListenerFacts("admin", IsAdmin: true, settings.Admin.Url!.IsTls, socket.Endpoint.Address.IsLoopback, socket.Endpoint.Port);
        var server = new HttpServer(AdminLoop!, facts, Admin, Translation.AdminOptions(settings), limits, Server, OnHandlerFailed, AcceptorOrNull(settings.Admin.Url!, Loops.Length));
        Listeners.Add(new Listener(AdminLoop!, socket, server, limits));
    }

    /// <summary>Opens files of lines again, after a rotation.</summary>
    public void ReopenLogs()
    {
        AccessLog?.Reopen();
        AuditLines?.Reopen();
    }

    private TlsAcceptor? AcceptorOrNull(ListenUrl url, int loop)
    {
        if (!url.IsTls) return null;
        SocketLoop own = loop == Loops.Length ? AdminLoop! : Loops[loop];
        return _acceptors[loop] ??= new TlsAcceptor(own, Tls!);
    }

    private SocketLoop[] NewDataLoops(int count, LoopBackend backend)
    {
        var loops = new SocketLoop[count];
        for (int i = 0; i < count; i++)
        {
            if (backend != LoopBackend.Epoll && UringOrNull(i, backend) is { } loop)
            {
                loops[i] = loop;
                continue;
            }

            backend = LoopBackend.Epoll; // said once; the others would be refused likewise
            loops[i] = new EpollLoop(i, OnLoopFailed(i));
        }

        return loops;
    }

    private UringLoop? UringOrNull(int ordinal, LoopBackend backend)
    {
        try
        {
            return new UringLoop(ordinal, OnLoopFailed(ordinal));
        }
        catch (IOException exception)
        {
            ProcessLog.UringRefused(Log, backend == LoopBackend.IoUring ? LogLevel.Warning : LogLevel.Information, exception.Message);
            return null;
        }
    }

    private Action<Exception> OnLoopFailed(int ordinal) => exception => ProcessLog.LoopFailed(Log, ordinal, exception);

    private AccessLog? OpenAccessLog(LogSettings settings, int loops, LogMetrics metrics) => settings.AccessIsOff
        ? null
        : new AccessLog(loops, new AccessLogOptions { Path = settings.AccessIsStdout ? null : settings.AccessPath, MaxBytes = settings.AccessQueue }, metrics, Log);

    private void OnHandlerFailed(Exception exception) => ProcessLog.HandlerFailed(Log, exception);

    /// <summary>A level of the settings as the logger names it.</summary>
    public static LogLevel LevelOf(string level) => level switch
    {
        "error" => LogLevel.Error,
        "warn" => LogLevel.Warning,
        "debug" => LogLevel.Debug,
        _ => LogLevel.Information,
    };
}

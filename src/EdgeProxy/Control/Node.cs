using System.Diagnostics;
using EdgeProxy.Commands;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Server;
using EdgeProxy.Platform;
using EdgeProxy.Settings;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Loops;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>The life of a node, on the process's main thread: start, reload, drain, end.</summary>
/// <remarks><code>
///   settings --wrong--> exit 3
///      |
///   store --damaged, newer, in use--> exit 1
///      | what is kept
///   documents --wrong--> exit 3
///      | compiled, together with what is kept
///   usage --damaged--> exit 1
///      | what was used is counted on
///   listeners --taken--> exit 1
///      | bound
///   serving --SIGHUP, file changed--> reload, serving
///      | SIGTERM
///   grace (accepting, "Connection: close") --> idle closed, rest finishes or is cut --> exit 0
/// </code></remarks>
internal sealed class Node
{
    private const long WorthCollecting = 8 * 1024 * 1024;
    private static readonly TimeSpan LoopAnswer = TimeSpan.FromSeconds(5);

    private readonly NodeSettings _settings;
    private readonly Composition _parts;
    private readonly ConfigurationTarget _target;
    private readonly Reloader _reloader;
    private readonly SystemdNotifier _notifier;
    private readonly ControlQueue _queue = new();
    private readonly FileWatch? _watch;
    private readonly List<Thread> _threads = [];
    private readonly List<LoopPulse> _pulses = [];
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly DescriptorLimit _descriptors;
    private Timer? _rotationTimer;
    private NodeStore? _store;
    private long _rotation;

    private Node(RunOptions options, NodeSettings settings)
    {
        _settings = settings;
        _environment = options.Sources.Environment;
        _descriptors = DescriptorLimit.Raise();
        _parts = new Composition(settings, _descriptors);
        _notifier = new SystemdNotifier(_environment, Environment.ProcessId);
        _target = new ConfigurationTarget(_parts, settings, options);
        _watch = new FileWatch(() => _queue.Post(ControlEvent.FileChanged));
        _reloader = new Reloader(options.Sources, _target, _watch, _notifier, _parts.State, _parts.Log, _parts.Metrics, TimeProvider.System);
    }

    /// <summary>Runs a node to its end and gives the exit status.</summary>
    public static int Run(RunOptions options, TextWriter errors)
    {
        var problems = new ProblemList();
        if (SettingsReader.Read(options.Sources, problems) is not { } settings)
        {
            ProblemWriter.WriteText(problems, errors);
            return ExitStatus.InvalidConfiguration;
        }

        Node node;
        try
        {
            node = new Node(options, settings);
        }
        catch (IOException exception)
        {
            errors.WriteLine(exception.Message);
            return ExitStatus.Failed;
        }

        int status = node.Live(problems, errors);
        node._parts.NodeLog.Dispose();
        return status;
    }

    private int Live(ProblemList problems, TextWriter errors)
    {
        long start = Stopwatch.GetTimestamp();

        // From here on a signal is an event: one that comes during the start is served right after it.
        using var signals = new Signals(_queue);
        ProcessLog.Starting(_parts.Log, BuildVersion.Number, _parts.Loops.Length, _descriptors.Now, _parts.Connections.Total);
        if (_watch is { IsActive: false }) ProcessLog.WatchUnavailable(_parts.Log);
        StartHeap.Grow(_settings.Data);
        if ((_store = NodeStore.OpenOrNull(_settings, _parts)) is null) return ExitStatus.Failed;
        _target.Management = _parts.AddManagement(_store, _settings);
        if (!_reloader.LoadFirst(_settings, problems))
        {
            _store.Close();
            _parts.NodeLog.Flush(TimeSpan.FromSeconds(1));
            ProblemWriter.WriteText(problems, errors);
            return ExitStatus.InvalidConfiguration;
        }

        if (!_store.TryStartUsage(_parts) || !Bind())
        {
            _store.Close();
            return ExitStatus.Failed;
        }

        StartLoops();
        _parts.State.IsListening = true;
        ProcessLog.Ready(_parts.Log, _target.Apis, _target.Routes, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        _notifier.Ready($"Serving {_target.Apis} APIs");
        GiveBackMemory();

        Serve();
        Drain();
        End();
        return ExitStatus.Ok;
    }

    // Reading large documents leaves several times their size behind, and an idle data plane allocates nothing that would ever cause a
    // collection. Once, at the start: later a blocking one would be felt by requests.
    private static void GiveBackMemory()
    {
        StartHeap.Settle();
        if (GC.GetTotalAllocatedBytes() > WorthCollecting) GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private bool Bind()
    {
        List<string> names = [.. _settings.Listeners.Select(listener => listener.Name)];
        if (_settings.Admin.Url is not null) names.Add("admin");
        IReadOnlyDictionary<string, int> inherited = SocketActivation.Assign(
            SocketActivation.Read(_environment, Environment.ProcessId), names, out IReadOnlyList<InheritedSocket> unused);
        SocketActivation.Forget();
        foreach (InheritedSocket socket in unused) ProcessLog.SocketUnused(_parts.Log, socket.Descriptor, socket.Name);

        foreach (ListenerSettings listener in _settings.Listeners)
        {
            if (Open(listener.Name, listener.Url, _parts.Loops.Length, inherited) is not { } sockets) return false;
            _parts.AddData(_settings, listener, sockets);
        }

        if (_settings.Admin.Url is not { } admin) return true;
        if (Open("admin", admin, 1, inherited) is not { } adminSockets) return false;
        _parts.AddAdmin(_settings, adminSockets[0]);
        return true;
    }

    private ListenerSocket[]? Open(string name, ListenUrl url, int count, IReadOnlyDictionary<string, int> inherited)
    {
        ListenerSocket[]? sockets;
        if (inherited.TryGetValue(name, out int descriptor))
        {
            sockets = InheritedDescriptors.Share(descriptor, count, out string wrong);
            if (sockets is null) ProcessLog.ListenFailed(_parts.Log, name, wrong);
        }
        else if (!ListenerSocket.TryOpen(new IpEndpoint(url.Address, (ushort)url.Port), count, out sockets, out string? error))
        {
            ProcessLog.ListenFailed(_parts.Log, name, error);
        }

        if (sockets is null) return null;
        ProcessLog.Listening(_parts.Log, name, new ListenUrl(sockets[0].Endpoint.Address, sockets[0].Endpoint.Port, url.IsTls).ToString());
        return sockets;
    }

    private void StartLoops()
    {
        foreach (Listener listener in _parts.Listeners) listener.Start();
        foreach (SocketLoop loop in AllLoops())
        {
            _pulses.Add(new LoopPulse(loop));
            var thread = new Thread(loop.Run, maxStackSize: 1024 * 1024) { IsBackground = true, Name = loop == _parts.AdminLoop ? "admin" : $"loop {loop.Ordinal}" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    private IEnumerable<SocketLoop> AllLoops() => _parts.AdminLoop is { } admin ? [.. _parts.Loops, admin] : _parts.Loops;

    private void Serve()
    {
        SetRotation();
        using var days = new Timer(_ => _queue.Post(ControlEvent.CheckCertificates), null, TimeSpan.FromDays(1), TimeSpan.FromDays(1));
        using var usage = new Timer(_ => _parts.Usage.CloseDays(), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        using Timer? rotation = _rotationTimer;
        // Without a watchdog there is nothing to wake up for but events.
        TimeSpan beat = _notifier.WatchdogInterval > 0 ? TimeSpan.FromTicks(_notifier.WatchdogInterval / 100) : Timeout.InfiniteTimeSpan;
        while (true)
        {
            switch (_queue.Take(beat))
            {
                case ControlEvent.Stop:
                    return;
                case ControlEvent.Reload:
                    _reloader.Reload("signal");
                    break;
                case ControlEvent.FileChanged:
                    _reloader.Reload("file");
                    break;
                case ControlEvent.ReopenLogs:
                    _parts.ReopenLogs();
                    break;
                case ControlEvent.RotateTickets:
                    _parts.Tls!.TicketKeys.Rotate();
                    ProcessLog.TicketsRotated(_parts.Log);
                    break;
                case ControlEvent.CheckCertificates:
                    _target.WarnOfCertificates();
                    break;
            }

            if (_notifier.WatchdogInterval > 0) FeedWatchdog();
            SetRotation();
        }
    }

    // A reload may have changed how often; the time already waited counts anew.
    private void SetRotation()
    {
        long rotation = _target.Current.Tls.TicketRotation;
        if (_parts.Tls is null || rotation == _rotation) return;
        _rotation = rotation;
        var period = TimeSpan.FromTicks(rotation / 100);
        if (_rotationTimer is null) _rotationTimer = new Timer(_ => _queue.Post(ControlEvent.RotateTickets), null, period, period);
        else _rotationTimer.Change(period, period);
    }

    private void FeedWatchdog()
    {
        for (int i = 0; i < _pulses.Count; i++)
        {
            long open = _pulses[i].Ask();
            if (open <= _notifier.WatchdogInterval) continue;
            ProcessLog.LoopStuck(_parts.Log, i, open / 1_000_000_000);
            return;
        }

        _notifier.Watchdog();
    }

    private void Drain()
    {
        DrainSettings drain = _target.Current.Drain;
        _parts.State.IsDraining = true;
        _notifier.Stopping("Draining");
        ProcessLog.Draining(_parts.Log, Duration.Format(drain.Grace), Duration.Format(drain.Timeout));
        OnDataLoops(server => server.BeginDrain());

        // Load balancers need a moment to see that readiness says no; until then, turning connections away would lose requests.
        if (Waited(drain.Grace, () => false)) return;
        LoopAction.OnAll(_parts.Loops, ordinal =>
        {
            foreach (Listener listener in _parts.ListenersOf(ordinal)) listener.Stop();
        }, LoopAnswer);
        OnDataLoops(server => server.CloseIdle());
        if (Waited(drain.Timeout, () => _parts.Connections.Open == 0)) return;
        if (_parts.Connections.Open > 0)
        {
            ProcessLog.DrainCut(_parts.Log, _parts.Connections.Open);
            OnDataLoops(server => server.CutAll());
        }
    }

    // True when a second Stop says not to wait any longer.
    private bool Waited(long nanoseconds, Func<bool> done)
    {
        long until = Stopwatch.GetTimestamp() + nanoseconds;
        while (!done())
        {
            long left = until - Stopwatch.GetTimestamp();
            if (left <= 0) return false;
            switch (_queue.Take(TimeSpan.FromTicks(Math.Min(left, 10_000_000) / 100 + 1)))
            {
                case ControlEvent.Stop:
                    return true;
                case ControlEvent.ReopenLogs:
                    _parts.ReopenLogs();
                    break;
            }

            if (_notifier.WatchdogInterval > 0) FeedWatchdog();
        }

        return false;
    }

    private void OnDataLoops(Action<HttpServer> act) => LoopAction.OnAll(_parts.Loops, ordinal =>
    {
        foreach (HttpServer server in _parts.DataServersOf(ordinal)) act(server);
    }, LoopAnswer);

    private void End()
    {
        LoopAction.OnAll(_parts.Loops, ordinal => _parts.Clients[ordinal].Close(), LoopAnswer);

        // Their processes end with the loops still running, which is what sees to that.
        _parts.LocalFunctions.Stop(LoopAnswer);
        foreach (SocketLoop loop in AllLoops()) loop.Stop();
        foreach (Thread thread in _threads) thread.Join(LoopAnswer);
        _parts.LocalFunctions.Dispose();
        _parts.AccessLog?.FlushAndStop(LoopAnswer);
        _store?.Close();
        _parts.AuditLines?.FlushAndStop(LoopAnswer);
        ProcessLog.Stopped(_parts.Log);
        _notifier.Dispose();
    }
}

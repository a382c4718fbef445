using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Loops;
using EdgeProxy.Transport.Loops.Uring;

namespace EdgeProxy.Tests.Transport.Loops;

/// <summary>A loop on a thread of its own with one listener on loopback, and what is needed to talk to it over real sockets.</summary>
internal sealed class LoopThread : IDisposable, IConnectionAcceptor, ILoopRecipient
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Func<Connection, LoopTask> _serve;
    private readonly Listener _listener;
    private readonly Thread _thread;
    private readonly BlockingCollection<Action> _actions = [];

    private LoopThread(SocketLoop loop, Func<Connection, LoopTask> serve)
    {
        Loop = loop;
        _serve = serve;
        Assert.True(ListenerSocket.TryOpen(new IpEndpoint(IpAddress.FromV4(0x7F000001), 0), 1, out ListenerSocket[]? sockets, out string? error), error);
        Endpoint = sockets[0].Endpoint;
        _listener = new Listener(loop, sockets[0], this, new ConnectionLimits(1000, 0));
        _listener.Start();
        _thread = new Thread(loop.Run) { IsBackground = true };
        _thread.Start();
    }

    public SocketLoop Loop { get; }

    public bool IsBehindProxy => false;

    /// <summary>Where it listens.</summary>
    public IpEndpoint Endpoint { get; }

    public ConcurrentQueue<Exception> Failures { get; } = [];

    /// <summary>Starts a loop; each accepted connection is served by the method. Null where the kernel has no such loop.</summary>
    public static LoopThread? StartOrNull(string backend, Func<Connection, LoopTask> serve)
    {
        LoopThread? started = null;
        SocketLoop loop;
        try
        {
            loop = backend == "epoll" ? new EpollLoop(0, OnFailure) : new UringLoop(0, OnFailure);
        }
        catch (IOException)
        {
            return null;
        }

        return started = new LoopThread(loop, serve);

        void OnFailure(Exception exception) => started?.Failures.Enqueue(exception);
    }

    /// <summary>A blocking socket that is connected to the listener.</summary>
    public Socket Connect(int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)Patience.TotalMilliseconds, SendTimeout = (int)Patience.TotalMilliseconds };
        if (receiveBuffer > 0) socket.ReceiveBufferSize = receiveBuffer;
        socket.Connect(IPAddress.Loopback, Endpoint.Port);
        return socket;
    }

    /// <summary>Has something done on the loop's thread.</summary>
    public void OnLoop(Action action)
    {
        _actions.Add(action);
        Loop.Post(new LoopMessage(this, 0, null, 0));
    }

    public void OnAccepted(Connection connection) => _serve(connection).Forget();

    public ReadOnlySpan<byte> RefusalFor(ConnectionRefusal refusal) => default;

    public void Receive(in LoopMessage message) => _actions.Take()();

    public void Dispose()
    {
        Loop.Stop();
        Assert.True(_thread.Join(Patience));
        Loop.Dispose();
        _actions.Dispose();
        Assert.Empty(Failures);
    }
}

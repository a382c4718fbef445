using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Transport.Listeners;

/// <summary>One loop's share of a listener: accepts, counts against the limits, hands on.</summary>
/// <remarks>Level-triggered, unlike connections, so that a bounded batch a turn leaves the rest for the next. Loop thread only.</remarks>
public sealed unsafe class Listener : LoopTimer, IPollTarget
{
    private const int AcceptsPerTurn = 128;
    private const int BatchesAtStop = 512; // the backlog, however fast more may come
    private const long PauseNanoseconds = 100_000_000;

    private readonly SocketLoop _loop;
    private readonly ListenerSocket _socket;
    private readonly IConnectionAcceptor _acceptor;
    private readonly ConnectionLimits _limits;
    private int _slot = -1;
    private bool _stopped;

    public Listener(SocketLoop loop, ListenerSocket socket, IConnectionAcceptor acceptor, ConnectionLimits limits)
    {
        _loop = loop;
        _socket = socket;
        _acceptor = acceptor;
        _limits = limits;
    }

    /// <summary>Connections accepted and handed on.</summary>
    public long Accepted { get; private set; }

    /// <summary>Times accepting paused because the kernel had no descriptor (or no memory) for another connection.</summary>
    public long Paused { get; private set; }

    /// <summary>Begins to accept. Called on the loop, or before it runs.</summary>
    public void Start() => Register();

    /// <summary>Takes what the kernel has already established, then closes the socket: nobody who was let in is cut off.</summary>
    public void Stop()
    {
        if (_stopped) return;
        _stopped = true;
        _loop.Timers.Detach(this);
        for (int i = 0; i < BatchesAtStop && AcceptBatch(AcceptsPerTurn); i++)
        {
        }

        if (_slot >= 0) _loop.Unwatch(_socket.Descriptor, _slot);
        _socket.Close();
    }

    void IPollTarget.OnPoll(uint events) => AcceptBatch(AcceptsPerTurn);

    protected override void OnDeadline(long now)
    {
        if (!_stopped && _slot < 0) Register();
    }

    private void Register()
    {
        uint events = Libc.EPOLLIN | (_socket.IsInherited ? Libc.EPOLLEXCLUSIVE : 0);
        if (!_loop.Watch(_socket.Descriptor, events, this, out _slot)) throw new IOException($"The listener {_socket.Endpoint} cannot be watched (errno {Libc.Error()}).");
    }

    /// <summary>Accepts up to a number of connections; false when none were left.</summary>
    private bool AcceptBatch(int most)
    {
        byte* address = stackalloc byte[SocketAddress.MaximumLength];
        for (int i = 0; i < most; i++)
        {
            uint length = SocketAddress.MaximumLength;
            int descriptor = Libc.accept4(_socket.Descriptor, address, &length, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
            if (descriptor < 0)
            {
                int error = Libc.Error();
                if (IsAboutOneConnection(error)) continue;
                if (error != Libc.EAGAIN) Pause();
                return false;
            }

            Take(descriptor, SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.MaximumLength)));
        }

        return true;
    }

    private void Take(int descriptor, IpEndpoint peer)
    {
        ConnectionRefusal refusal = TryEnter(peer);
        if (refusal != ConnectionRefusal.None)
        {
            Refuse(descriptor, _acceptor.RefusalFor(refusal));
            return;
        }

        if (_loop.TakeOrNull(descriptor, peer, isConnecting: false) is not { } connection)
        {
            if (_acceptor.IsBehindProxy) _limits.Leave();
            else _limits.Leave(peer.Address);
            return;
        }

        Accepted++;
        _acceptor.OnAccepted(connection);
    }

    // Counted by the balancer's address, all clients together would be one.
    private ConnectionRefusal TryEnter(IpEndpoint peer)
    {
        if (!_acceptor.IsBehindProxy) return _limits.TryEnter(peer.Address);
        return _limits.TryEnter() ? ConnectionRefusal.None : ConnectionRefusal.Total;
    }

    // One that is already gone, or one whose pending network error accept passes on (accept(2), "Error handling").
    private static bool IsAboutOneConnection(int error) => error is Libc.EINTR or Libc.ECONNABORTED or Libc.EPROTO or Libc.ENETDOWN or Libc.ENOPROTOOPT
        or Libc.EHOSTDOWN or Libc.ENONET or Libc.EHOSTUNREACH or Libc.ENETUNREACH;

    // The answer fits the empty send buffer of a new socket. Whatever the client has sent already is read, or closing would turn the
    // answer into a reset.
    private static void Refuse(int descriptor, ReadOnlySpan<byte> answer)
    {
        fixed (byte* start = answer)
        {
            Libc.send(descriptor, start, answer.Length, Libc.MSG_NOSIGNAL);
        }

        Libc.shutdown(descriptor, Libc.SHUT_WR);
        byte* unread = stackalloc byte[4096];
        for (int i = 0; i < 4 && Libc.recv(descriptor, unread, 4096, 0) > 0; i++)
        {
        }

        Libc.close(descriptor);
    }

    // Out of descriptors or memory: a level-triggered listener would spin, so it is taken out for a moment.
    private void Pause()
    {
        Paused++;
        if (_stopped || _slot < 0) return;
        _loop.Unwatch(_socket.Descriptor, _slot);
        _slot = -1;
        _loop.Timers.Set(this, _loop.Now + PauseNanoseconds);
    }
}

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

    /// <summary>Connections refused by <c>connections.total</c>.</summary>
    public long RefusedTotal { get; private set; }

    /// <summary>Connections refused by <c>connections.perIp</c>.</summary>
    public long RefusedPerAddress { get; private set; }

    /// <summary>Times accepting paused because the process was out of descriptors.</summary>
    public long Paused { get; private set; }

    /// <summary>Begins to accept. Called on the loop, or before it runs.</summary>
    public void Start() => Register();

    /// <summary>Takes what the kernel has already established, then closes the socket: nobody who was let in is cut off.</summary>
    public void Stop()
    {
        if (_stopped) return;
        _stopped = true;
        _loop.Timers.Detach(this);
        if (_slot >= 0)
        {
            while (AcceptBatch(AcceptsPerTurn))
            {
            }

            _loop.Unwatch(_socket.Descriptor, _slot);
        }

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
                if (error is Libc.EMFILE or Libc.ENFILE) Pause();

                // ECONNABORTED and its like are about one connection that is already gone.
                if (error is Libc.EAGAIN or Libc.EMFILE or Libc.ENFILE) return false;
                continue;
            }

            Take(descriptor, SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.MaximumLength)));
        }

        return true;
    }

    private void Take(int descriptor, IpEndpoint peer)
    {
        ConnectionRefusal refusal = _limits.TryEnter(peer.Address);
        if (refusal != ConnectionRefusal.None)
        {
            if (refusal == ConnectionRefusal.Total) RefusedTotal++;
            else RefusedPerAddress++;
            Refuse(descriptor, _acceptor.RefusalFor(refusal));
            return;
        }

        if (_loop.TakeOrNull(descriptor, peer, isConnecting: false) is not { } connection)
        {
            _limits.Leave(peer.Address);
            return;
        }

        Accepted++;
        _acceptor.OnAccepted(connection);
    }

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

    // Out of descriptors: a level-triggered listener would spin, so it is taken out for a moment.
    private void Pause()
    {
        Paused++;
        if (_stopped || _slot < 0) return;
        _loop.Unwatch(_socket.Descriptor, _slot);
        _slot = -1;
        _loop.Timers.Set(this, _loop.Now + PauseNanoseconds);
    }
}

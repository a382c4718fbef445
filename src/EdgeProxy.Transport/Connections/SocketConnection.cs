using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Transport.Connections;

/// <summary>A plain TCP connection on an <see cref="EpollLoop"/>.</summary>
public sealed unsafe class SocketConnection : Connection, IPollTarget
{
    private const uint Events = Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET;

    private readonly int _descriptor;
    private readonly int _slot;

    private SocketConnection(EpollLoop loop, int descriptor, IpEndpoint peer)
        : base(loop)
    {
        _descriptor = descriptor;
        Peer = peer;
        if (!loop.Register(descriptor, Events, this, out _slot))
        {
            _descriptor = -1;
        }
    }

    /// <summary>Takes over an open, non-blocking descriptor; null when the kernel will not watch it, and then it is closed.</summary>
    internal static SocketConnection? TakeOrNull(EpollLoop loop, int descriptor, IpEndpoint peer)
    {
        var connection = new SocketConnection(loop, descriptor, peer);
        if (connection._descriptor >= 0) return connection;
        Libc.close(descriptor);
        return null;
    }

    void IPollTarget.OnPoll(uint events) => OnEvents(
        readable: (events & Libc.EPOLLIN) != 0,
        writable: (events & Libc.EPOLLOUT) != 0,
        ended: (events & Libc.EPOLLRDHUP) != 0,

        // HUP alone comes when both directions have ended in order; the receive finds that out by itself.
        broken: (events & Libc.EPOLLERR) != 0);

    public override void ShutdownSend()
    {
        if (!IsClosed) Libc.shutdown(_descriptor, Libc.SHUT_WR);
    }

    public override void Break()
    {
        if (IsClosed) return;
        Linger linger = new() { OnOff = 1, Seconds = 0 };
        Libc.setsockopt(_descriptor, Libc.SOL_SOCKET, Libc.SO_LINGER, &linger, (uint)sizeof(Linger));
        Close();
    }

    /// <summary>The pending error of a connection attempt, or 0.</summary>
    internal int TakeError()
    {
        int error = 0;
        uint length = sizeof(int);
        return Libc.getsockopt(_descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR, &error, &length) == 0 ? error : Libc.Error();
    }

    protected override IoResult Receive(Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            nint count = Libc.recv(_descriptor, start, destination.Length, 0);
            if (count > 0) return IoResult.Ok((int)count);
            return count == 0 ? IoResult.Of(IoStatus.Closed) : Libc.Failure();
        }
    }

    protected override IoResult Send(ReadOnlySpan<byte> source)
    {
        fixed (byte* start = source)
        {
            nint count = Libc.send(_descriptor, start, source.Length, Libc.MSG_NOSIGNAL);
            return count >= 0 ? IoResult.Ok((int)count) : Libc.Failure();
        }
    }

    protected override void CloseSocket()
    {
        ((EpollLoop)Loop).Forget(_slot);
        Libc.close(_descriptor);
    }

    private struct Linger
    {
        public int OnOff;
        public int Seconds;
    }
}

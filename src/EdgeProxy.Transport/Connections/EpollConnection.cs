using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Transport.Connections;

/// <summary>A plain TCP connection on an <see cref="EpollLoop"/>.</summary>
internal sealed unsafe class EpollConnection : SocketConnection, IPollTarget
{
    private const uint Events = Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET;

    private readonly int _slot;

    private EpollConnection(EpollLoop loop, int descriptor, IpEndpoint peer)
        : base(loop, descriptor, peer)
    {
        if (!loop.Register(descriptor, Events, this, out _slot))
        {
            Descriptor = -1;
        }
    }

    /// <summary>Takes over an open, non-blocking descriptor; null when the kernel will not watch it, and then it is closed.</summary>
    internal static EpollConnection? TakeOrNull(EpollLoop loop, int descriptor, IpEndpoint peer)
    {
        var connection = new EpollConnection(loop, descriptor, peer);
        if (connection.Descriptor >= 0) return connection;
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
        if (!IsClosed) Libc.shutdown(Descriptor, Libc.SHUT_WR);
    }

    protected override IoResult Receive(Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            nint count = Libc.recv(Descriptor, start, destination.Length, 0);
            if (count > 0) return IoResult.Ok((int)count);
            return count == 0 ? IoResult.Of(IoStatus.Closed) : Libc.Failure();
        }
    }

    protected override IoResult Send(ReadOnlySpan<byte> source)
    {
        fixed (byte* start = source)
        {
            nint count = Libc.send(Descriptor, start, source.Length, Libc.MSG_NOSIGNAL);
            return count >= 0 ? IoResult.Ok((int)count) : Libc.Failure();
        }
    }

    protected override void CloseSocket()
    {
        ((EpollLoop)Loop).Forget(_slot);
        Libc.close(Descriptor);
    }
}

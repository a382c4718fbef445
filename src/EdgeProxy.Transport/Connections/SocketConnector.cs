using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Transport.Connections;

/// <summary>Opens TCP connections on one <see cref="SocketLoop"/>.</summary>
public sealed class SocketConnector(SocketLoop loop) : IConnector
{
    public LoopTask<ConnectResult> ConnectAsync(IpEndpoint endpoint, long deadline)
    {
        SocketConnection? connection = Start(endpoint, out bool pending);
        if (connection is null) return new ConnectResult(IoStatus.Reset, null);
        return pending ? FinishAsync(connection, deadline) : new ConnectResult(IoStatus.Ok, connection);
    }

    private static async LoopTask<ConnectResult> FinishAsync(SocketConnection connection, long deadline)
    {
        IoStatus status = await connection.WritableAsync(deadline);
        if (status == IoStatus.Ok && connection.TakeError() != 0) status = IoStatus.Reset;
        if (status == IoStatus.Ok) return new ConnectResult(IoStatus.Ok, connection);
        connection.Close();
        return new ConnectResult(status, null);
    }

    private unsafe SocketConnection? Start(IpEndpoint endpoint, out bool pending)
    {
        pending = false;
        byte* address = stackalloc byte[SocketAddress.MaximumLength];
        int length = SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaximumLength));
        int family = endpoint.Address.IsV4 ? Libc.AF_INET : Libc.AF_INET6;
        int descriptor = Libc.socket(family, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (descriptor < 0) return null;
        Libc.SetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
        if (Libc.connect(descriptor, address, (uint)length) != 0)
        {
            pending = Libc.Error() == Libc.EINPROGRESS;
            if (!pending)
            {
                Libc.close(descriptor);
                return null;
            }
        }

        // Watched only now: an unconnected socket would report a hang-up at once.
        return loop.TakeOrNull(descriptor, endpoint, isConnecting: pending);
    }
}

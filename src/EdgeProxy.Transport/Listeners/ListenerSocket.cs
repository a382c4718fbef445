using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Transport.Listeners;

/// <summary>A bound, listening descriptor. Opened by the process before the loops run, or inherited from it.</summary>
public sealed class ListenerSocket
{
    private const int Backlog = 65535; // the kernel takes less if net.core.somaxconn says so

    private ListenerSocket(int descriptor, IpEndpoint endpoint, bool inherited)
    {
        Descriptor = descriptor;
        Endpoint = endpoint;
        IsInherited = inherited;
    }

    /// <summary>The address and port really bound.</summary>
    public IpEndpoint Endpoint { get; }

    /// <summary>Whether the service manager opened it (systemd socket activation): then all loops share it.</summary>
    public bool IsInherited { get; }

    internal int Descriptor { get; }

    /// <summary>
    /// Opens one socket per loop on the same address with SO_REUSEPORT, so that the kernel spreads connections. A probe without it
    /// comes first, because otherwise a second node would bind silently and steal half the connections.
    /// </summary>
    /// <param name="endpoint">Port 0 takes a free one, the same for all.</param>
    /// <param name="count">How many sockets.</param>
    /// <param name="sockets">The sockets, or null.</param>
    /// <param name="error">What went wrong, in words for the operator.</param>
    public static bool TryOpen(
        IpEndpoint endpoint, int count, [NotNullWhen(true)] out ListenerSocket[]? sockets, [NotNullWhen(false)] out string? error)
    {
        sockets = null;
        if (endpoint.Port != 0)
        {
            int probe = OpenOne(endpoint, reusePort: false, out error);
            if (probe < 0) return false;
            Libc.close(probe);
        }

        var opened = new ListenerSocket[count];
        for (int i = 0; i < count; i++)
        {
            int descriptor = OpenOne(endpoint, reusePort: true, out error);
            if (descriptor < 0)
            {
                for (int j = 0; j < i; j++) Libc.close(opened[j].Descriptor);
                return false;
            }

            endpoint = BoundTo(descriptor);
            opened[i] = new ListenerSocket(descriptor, endpoint, inherited: false);
        }

        sockets = opened;
        error = null;
        return true;
    }

    /// <summary>Takes over a listening descriptor that the service manager passed.</summary>
    public static ListenerSocket Inherit(int descriptor)
    {
        const int SetFlags = 4;
        const int NonBlocking = 0x800;
        const int SetDescriptorFlags = 2;
        const int CloseOnExec = 1;
        Libc.fcntl(descriptor, SetFlags, NonBlocking);
        Libc.fcntl(descriptor, SetDescriptorFlags, CloseOnExec);
        Libc.SetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
        return new ListenerSocket(descriptor, BoundTo(descriptor), inherited: true);
    }

    /// <summary>Closes the descriptor of a listener that never ran.</summary>
    public void Close() => Libc.close(Descriptor);

    private static unsafe int OpenOne(IpEndpoint endpoint, bool reusePort, out string error)
    {
        byte* address = stackalloc byte[SocketAddress.MaximumLength];
        int length = SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaximumLength));
        int family = endpoint.Address.IsV4 ? Libc.AF_INET : Libc.AF_INET6;
        int descriptor = Libc.socket(family, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (descriptor < 0)
        {
            error = $"cannot open a socket (errno {Libc.Error()})";
            return -1;
        }

        Libc.SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        if (reusePort) Libc.SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);

        // Accepted connections inherit it: one call for all of them.
        Libc.SetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
        if (Libc.bind(descriptor, address, (uint)length) == 0 && Libc.listen(descriptor, Backlog) == 0)
        {
            error = "";
            return descriptor;
        }

        int failure = Libc.Error();
        error = failure == Libc.EADDRINUSE
            ? $"{endpoint} is in use by another process"
            : $"cannot listen on {endpoint} (errno {failure})";
        Libc.close(descriptor);
        return -1;
    }

    private static unsafe IpEndpoint BoundTo(int descriptor)
    {
        byte* address = stackalloc byte[SocketAddress.MaximumLength];
        uint length = SocketAddress.MaximumLength;
        return Libc.getsockname(descriptor, address, &length) == 0
            ? SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.MaximumLength))
            : default;
    }
}

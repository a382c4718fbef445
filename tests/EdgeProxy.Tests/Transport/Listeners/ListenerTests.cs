using System.Net;
using System.Net.Sockets;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Tests.Transport.Listeners;

public sealed class ListenerTests : IDisposable
{
    private readonly EpollLoop _loop = new(0, exception => throw exception);
    private readonly Acceptor _acceptor = new();
    private readonly List<Socket> _clients = [];

    [Fact]
    public void Stopping_takes_what_the_kernel_has_let_in_even_while_accepting_pauses()
    {
        ListenerSocket socket = Open();
        var listener = new Listener(_loop, socket, _acceptor, new ConnectionLimits(total: 10, perAddress: 0)); // not registered, as in a pause
        for (int i = 0; i < 3; i++) Connect(socket);
        listener.Stop();
        Assert.Equal(3, _acceptor.Taken.Count);
        Assert.Equal(3, listener.Accepted);
    }

    [Fact]
    public void Stopping_ends_although_accepting_fails_for_good()
    {
        // Neither bound nor listening: every accept is EINVAL.
        ListenerSocket socket = ListenerSocket.Inherit(Libc.socket(Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0));
        var listener = new Listener(_loop, socket, _acceptor, new ConnectionLimits(total: 10, perAddress: 0));
        listener.Start();
        listener.Stop();
        Assert.Empty(_acceptor.Taken);
        Assert.Equal(1, listener.Paused);
    }

    [Fact]
    public void Beyond_the_connections_of_one_address_it_refuses()
    {
        ListenerSocket socket = Open();
        var limits = new ConnectionLimits(total: 10, perAddress: 1);
        var listener = new Listener(_loop, socket, _acceptor, limits);
        for (int i = 0; i < 3; i++) Connect(socket);
        listener.Stop();
        Assert.Single(_acceptor.Taken);
        Assert.Equal([ConnectionRefusal.PerAddress, ConnectionRefusal.PerAddress], _acceptor.Refused);
        Assert.Equal(1, limits.Open);
    }

    [Fact]
    public void Behind_a_proxy_the_balancers_address_is_not_counted_and_the_total_is()
    {
        ListenerSocket socket = Open();
        var limits = new ConnectionLimits(total: 2, perAddress: 1);
        _acceptor.IsBehindProxy = true;
        var listener = new Listener(_loop, socket, _acceptor, limits);
        for (int i = 0; i < 3; i++) Connect(socket);
        listener.Stop();
        Assert.Equal(2, _acceptor.Taken.Count);
        Assert.Equal([ConnectionRefusal.Total], _acceptor.Refused);
        Assert.True(limits.TryEnterAddress(IpAddress.Loopback));
    }

    public void Dispose()
    {
        _acceptor.Taken.ForEach(connection => connection.Close());
        _clients.ForEach(client => client.Dispose());
        _loop.Dispose();
    }

    private static ListenerSocket Open()
    {
        Assert.True(ListenerSocket.TryOpen(new IpEndpoint(IpAddress.Loopback, 0), 1, out ListenerSocket[]? sockets, out string? error), error);
        return sockets[0];
    }

    // Returns when the kernel has established it; nobody has to accept for that.
    private void Connect(ListenerSocket socket)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _clients.Add(client);
        client.Connect(IPAddress.Loopback, socket.Endpoint.Port);
    }

    private sealed class Acceptor : IConnectionAcceptor
    {
        public bool IsBehindProxy { get; set; }

        public List<Connection> Taken { get; } = [];

        public List<ConnectionRefusal> Refused { get; } = [];

        public void OnAccepted(Connection connection) => Taken.Add(connection);

        public ReadOnlySpan<byte> RefusalFor(ConnectionRefusal refusal)
        {
            Refused.Add(refusal);
            return "no"u8;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using EdgeProxy.Platform;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Tests.Process.Platform;

public sealed class InheritedDescriptorsTests
{
    [Fact]
    public void Each_loop_gets_a_descriptor_of_its_own_for_the_same_socket()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        int descriptor = (int)socket.Handle;
        ListenerSocket[]? shared = InheritedDescriptors.Share(descriptor, 3, out _);
        Assert.Equal(3, shared!.Length);
        Assert.All(shared, one => Assert.True(one.IsInherited));
        Assert.All(shared, one => Assert.Equal(((IPEndPoint)socket.LocalEndPoint!).Port, one.Endpoint.Port));

        // Closing the others leaves ours listening.
        shared[1].Close();
        shared[2].Close();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(socket.LocalEndPoint!);
    }

    [Fact]
    public void What_does_not_listen_is_refused()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Null(InheritedDescriptors.Share((int)socket.Handle, 1, out string wrong));
        Assert.Contains("no listening stream socket", wrong, StringComparison.Ordinal);
        Assert.Null(InheritedDescriptors.Share(1_000_000, 1, out _));
    }
}

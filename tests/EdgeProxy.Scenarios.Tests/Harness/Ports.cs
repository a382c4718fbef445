using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>Ports for the programs that cannot be asked to choose one themselves.</summary>
internal static class Ports
{
    /// <summary>A port of the loopback address on which nothing listened a moment ago.</summary>
    public static int Unused()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

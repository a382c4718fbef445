using System.Net;
using EdgeProxy.Load.Backend;
using EdgeProxy.Load.Runs;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Tests.Load.Runs;

public sealed class IdleHoldTests
{
    [Theory]
    [InlineData("/bytes/10", 200, 0)]
    [InlineData("/cut/10", 0, 200)]
    public void Holds_the_connections_that_were_served(string path, int held, int lost)
    {
        using CancellationTokenSource stop = new();
        using BackendServer server = new(IPAddress.Loopback, port: 0, defaultSize: 3);
        Thread serving = new(() => server.Run(stop.Token));
        serving.Start();

        using IdleHold hold = new(new LoadPlan
        {
            Address = AddressBytes.Encode(IPAddress.Loopback, server.Port),
            Request = RequestBytes.Write("GET", new Uri($"http://127.0.0.1:{server.Port}{path}"), [], default),
            Connections = 200,
        });
        hold.Open();
        stop.Cancel();
        serving.Join();

        Assert.Equal(held, hold.Held);
        Assert.Equal(lost, hold.Lost);
    }
}

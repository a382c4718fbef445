using System.Net;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Clients;

/// <summary>As many open connections as the descriptor limit allows, and what happens to the next.</summary>
public sealed class IdleConnectionTests
{
    private const int DescriptorLimit = 9_000;
    private const int Reserve = 512;

    /// <remarks>
    /// The node counts two descriptors a connection (client and upstream), so that those it has admitted can always be served. The
    /// descriptors of the test itself, whose limit may be low, are spread over this process only.
    /// </remarks>
    [Fact]
    public async Task Holds_idle_connections_up_to_its_descriptor_limit_and_stays_well()
    {
        int expected = (DescriptorLimit - Reserve) / 2;
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = Api.ProxyTo(1).ToString(),
            Settings = "connections:\n  perIp: 100000\ntimeouts:\n  headers: 60s\n",
            Launcher = ["prlimit", $"--nofile={DescriptorLimit}:{DescriptorLimit}"],
        });
        var held = new List<Wire>();
        try
        {
            for (int i = 0; i < expected; i++)
            {
                Wire client = await Wire.ConnectAsync(node.DataPort, IPAddress.Parse($"127.0.1.{1 + (i % 4)}"));
                held.Add(client);
                await client.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Assert.Equal(200, (await client.ReadResponseAsync()).Status);
            }

            using (Wire beyond = await node.ConnectAsync()) Assert.Equal(503, (await beyond.ReadResponseAsync()).Status);

            // All of them are still served, and operators still see the node.
            Assert.Equal(200, (await node.AdminAsync("/readyz")).Status);
            foreach (Wire client in held)
            {
                await client.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Assert.Equal(200, (await client.ReadResponseAsync()).Status);
            }
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }

        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return (await node.GetAsync("/mock")).Status == 200;
                }
                catch (Exception error) when (error is System.Net.Sockets.SocketException or EndOfStreamException)
                {
                    return false;
                }
            },
            "the places are free again");
    }
}

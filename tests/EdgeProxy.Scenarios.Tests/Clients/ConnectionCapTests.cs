using System.Net;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Clients;

/// <summary>One client, or all of them together, cannot take more connections than the settings give.</summary>
public sealed class ConnectionCapTests
{
    private const string Request = "GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Fact]
    public async Task Beyond_the_connections_of_one_address_it_is_503_and_another_address_is_served()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), "connections:\n  perIp: 5\n");
        List<Wire> held = await HoldAsync(node, 5);
        try
        {
            await ExpectRefusedAsync(node);
            Assert.Equal(1, await node.MetricAsync("edgeproxy_limit_hits_total", "limit=\"connections.perIp\""));
            using Wire other = await Wire.ConnectAsync(node.DataPort, IPAddress.Parse("127.0.0.2"));
            await other.SendAsync(Request);
            Assert.Equal(200, (await other.ReadResponseAsync()).Status);

            held[0].Dispose();
            await UntilServedAsync(node);
        }
        finally
        {
            held.ForEach(wire => wire.Dispose());
        }
    }

    [Fact]
    public async Task Beyond_the_connections_in_all_it_is_503_until_one_ends()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), "connections:\n  total: 8\n");
        List<Wire> held = await HoldAsync(node, 8);
        try
        {
            await ExpectRefusedAsync(node);
            Assert.Equal(1, await node.MetricAsync("edgeproxy_limit_hits_total", "limit=\"connections.total\""));
            held[0].Dispose();
            await UntilServedAsync(node);
        }
        finally
        {
            held.ForEach(wire => wire.Dispose());
        }
    }

    private static async Task<List<Wire>> HoldAsync(Node node, int count)
    {
        var held = new List<Wire>();
        for (int i = 0; i < count; i++)
        {
            Wire client = await node.ConnectAsync();
            held.Add(client);
            await client.SendAsync(Request);
            Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        }

        return held;
    }

    private static async Task ExpectRefusedAsync(Node node)
    {
        using Wire client = await node.ConnectAsync();
        Answer answer = await client.ReadResponseAsync();
        Assert.Equal(503, answer.Status);
        Assert.Equal("close", answer["Connection"]);
    }

    private static Task UntilServedAsync(Node node) => Wait.UntilAsync(
        async () =>
        {
            using Wire client = await node.ConnectAsync();
            try
            {
                await client.SendAsync(Request);
                return (await client.ReadResponseAsync()).Status == 200;
            }
            catch (Exception error) when (error is System.Net.Sockets.SocketException or EndOfStreamException)
            {
                return false;
            }
        },
        "a place is free again");
}

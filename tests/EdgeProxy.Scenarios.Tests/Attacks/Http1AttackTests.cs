using System.Net;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Attacks;

/// <summary>Attacks on connections and on HTTP/1.1 (specification security.md 17), with other clients on the same loop.</summary>
public sealed class Http1AttackTests
{
    private const int Attackers = 60;

    [Fact]
    public async Task Slow_headers_are_cut_off_at_their_time_out()
    {
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  headers: 300ms\n");
        await CrowdAsync(node, async wire =>
        {
            await wire.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
            await DripAsync(wire);
        });
        await node.LimitWasHitAsync("timeouts.headers", Attackers);
    }

    [Fact]
    public async Task Slow_bodies_are_cut_off_by_their_rate()
    {
        RawUpstream upstream = RawUpstream.Start(async wire => await wire.ReadToEndAsync());
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  bodyMinRate: 10000\n  bodyMinRateGrace: 300ms\n", upstream);
        await CrowdAsync(node, async wire =>
        {
            await wire.SendAsync("POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
            await DripAsync(wire);
        });
        await node.LimitWasHitAsync("timeouts.bodyMinRate", Attackers);
    }

    [Fact]
    public async Task Bodies_that_stop_are_cut_off()
    {
        RawUpstream upstream = RawUpstream.Start(async wire => await wire.ReadToEndAsync());
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  body: 300ms\n", upstream);
        await CrowdAsync(node, async wire =>
        {
            await wire.SendAsync("POST /slow HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await wire.ReadToEndAsync();
        });
        await node.LimitWasHitAsync("timeouts.body", Attackers);
    }

    [Fact]
    public async Task Slow_readers_are_cut_off_and_cost_little_memory()
    {
        const int Readers = 20;
        RawUpstream upstream = Large(64 << 20);
        await using AttackedNode node = await AttackedNode.StartAsync("limits:\n  responseBody: unlimited\ntimeouts:\n  write: 500ms\n", upstream);
        long before = node.Node.ResidentBytes();
        var attackers = new List<Wire>();
        for (int i = 0; i < Readers; i++)
        {
            Wire wire = await node.Node.ConnectAsync();
            attackers.Add(wire);
            await wire.SendAsync("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }

        await node.OthersAreServedAsync();
        await node.LimitWasHitAsync("timeouts.write", Readers);
        Assert.InRange(node.Node.ResidentBytes(), 0, before + (48L << 20));
        attackers.ForEach(wire => wire.Dispose());
    }

    [Fact]
    public async Task Connections_that_are_hoarded_stop_at_the_share_of_their_address()
    {
        await using AttackedNode node = await AttackedNode.StartAsync("connections:\n  perIp: 40\ntimeouts:\n  idle: 10s\n");
        var hoard = new List<Wire>();
        int refused = 0;
        for (int i = 0; i < 100; i++) hoard.Add(await Wire.ConnectAsync(node.Port, from: IPAddress.Parse("127.0.0.2")));
        await node.OthersAreServedAsync();
        await node.LimitWasHitAsync("connections.perIp", 60);
        foreach (Wire wire in hoard.Skip(40))
        {
            if ((await wire.ReadResponseAsync()).Status == 503) refused++;
        }

        Assert.Equal(60, refused);
        hoard.ForEach(wire => wire.Dispose());
    }

    [Fact]
    public async Task Idle_connections_are_not_kept_for_ever()
    {
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  idle: 1s\n");
        await CrowdAsync(node, async wire => await wire.ExpectClosedAsync());
        await node.LimitWasHitAsync("timeouts.idle", Attackers);
    }

    [Fact]
    public async Task Requests_without_end_in_one_go_leave_the_others_their_turn()
    {
        await using AttackedNode node = await AttackedNode.StartAsync();
        using Wire attacker = await node.Node.ConnectAsync();
        string many = string.Concat(Enumerable.Repeat("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n", 20_000));
        Task sending = attacker.SendAsync(many + "GET /mock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Task<byte[]> answers = attacker.ReadToEndAsync();
        await node.OthersAreServedAsync();
        await sending;
        Assert.Equal(20_001, System.Text.Encoding.Latin1.GetString(await answers).Split("HTTP/1.1 200").Length - 1);
    }

    [Fact]
    public async Task Requests_without_end_stop_at_the_most_that_a_connection_may_send()
    {
        // More than any of the others sends meanwhile.
        await using AttackedNode node = await AttackedNode.StartAsync("limits:\n  requestsPerConnection: 10000\n");
        using Wire attacker = await node.Node.ConnectAsync();
        Task<byte[]> answers = attacker.ReadToEndAsync(reset: () => { });
        try
        {
            await attacker.SendAsync(string.Concat(Enumerable.Repeat("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n", 20_000)));
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Cut off in the middle.
        }

        await node.OthersAreServedAsync();
        Assert.InRange(System.Text.Encoding.Latin1.GetString(await answers).Split("HTTP/1.1 200").Length - 1, 1, 10_000);
        await node.LimitWasHitAsync("limits.requestsPerConnection");
    }

    /// <summary>Many attackers at once, each until it is cut off, and the others served meanwhile.</summary>
    private static async Task CrowdAsync(AttackedNode node, Func<Wire, Task> attack)
    {
        Task[] attacks = [.. Enumerable.Range(0, Attackers).Select(async _ =>
        {
            using Wire wire = await node.Node.ConnectAsync();
            await attack(wire);
        })];
        await node.OthersAreServedAsync();
        await Task.WhenAll(attacks);
    }

    /// <summary>Sends a byte now and then until cut off.</summary>
    private static async Task DripAsync(Wire wire)
    {
        Task<byte[]> end = wire.ReadToEndAsync(reset: () => { });
        try
        {
            while (!end.IsCompleted)
            {
                await wire.SendAsync("x");
                await Task.WhenAny(end, Task.Delay(20));
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Cut off.
        }

        await end;
    }

    /// <summary>An upstream whose answers are large and are sent as fast as they are taken.</summary>
    internal static RawUpstream Large(int length)
    {
        byte[] block = new byte[1 << 20];
        return RawUpstream.Start(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is not null)
            {
                await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
                for (int sent = 0; sent < length; sent += block.Length) await wire.SendAsync(block.AsMemory(0, Math.Min(block.Length, length - sent)));
            }
        });
    }
}

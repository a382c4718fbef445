using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Attacks;

/// <summary>A node with one loop and short time-outs, and clients that want to be served by it all the while.</summary>
internal sealed class AttackedNode : IAsyncDisposable
{
    private readonly Bystander _bystander;
    private readonly RawUpstream? _upstream;

    private AttackedNode(Node node, Bystander bystander, RawUpstream? upstream)
    {
        Node = node;
        _bystander = bystander;
        _upstream = upstream;
    }

    public Node Node { get; }

    public int Port => Node.DataPort;

    /// <summary>Starts one.</summary>
    /// <param name="settings">Lines of <c>edgeproxy.yaml</c>.</param>
    /// <param name="upstream">Behind everything but <c>/mock</c>; disposed with the node.</param>
    public static async Task<AttackedNode> StartAsync(string settings = "", RawUpstream? upstream = null)
    {
        Node node = await Node.StartAsync(new NodeOptions { Api = Api.ProxyTo(upstream?.Port ?? 1).ToString(), Settings = settings, Loops = 1 });
        try
        {
            return new AttackedNode(node, await Bystander.StartAsync(node), upstream);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asserts that the others are served now, that is during the attack or after it.</summary>
    public Task OthersAreServedAsync() => _bystander.UntilServedAsync(5);

    /// <summary>Asserts that a limit was met at least so many times.</summary>
    public async Task LimitWasHitAsync(string limit, int times = 1)
    {
        double hits = 0;
        await Wait.UntilAsync(
            async () => (hits = await Node.MetricAsync("edgeproxy_limit_hits_total", $"limit=\"{limit}\"")) >= times,
            $"{limit} is hit {times} times");
    }

    /// <summary>Sends frames until all are sent or the server has had enough; the last word of the server, or null when it just closed.</summary>
    public async Task<Http2Frame?> FloodAsync(Http2Wire attacker, IEnumerable<byte[]> frames)
    {
        Task<Http2Frame?> end = LastWordAsync(attacker);
        try
        {
            foreach (byte[] frame in frames)
            {
                if (end.IsCompleted) break;
                await attacker.SendAsync(frame);
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Cut off in the middle: as it should be.
        }

        await OthersAreServedAsync();
        return await Wait.ForAsync(end, "the server ends the attacker's connection");
    }

    /// <summary>Asserts that the connection ends with GOAWAY and this code.</summary>
    public async Task FloodEndsAsync(Http2Wire attacker, IEnumerable<byte[]> frames, int code = 11)
    {
        Http2Frame? last = await FloodAsync(attacker, frames);
        Assert.NotNull(last);
        Assert.Equal(code, last.Code);
    }

    public async ValueTask DisposeAsync()
    {
        await _bystander.DisposeAsync();
        Assert.False(Node.HasExited, "The node died.");
        await Node.DisposeAsync();
        _upstream?.Dispose();
    }

    private static async Task<Http2Frame?> LastWordAsync(Http2Wire attacker)
    {
        Http2Frame? last = null;
        while (await attacker.ReadFrameOrNullAsync() is { } frame)
        {
            if (frame.Type == Http2Frame.GoAway) last = frame;
        }

        return last;
    }
}

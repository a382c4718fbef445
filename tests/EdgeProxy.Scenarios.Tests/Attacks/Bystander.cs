using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Attacks;

/// <summary>Well-behaved clients of a node under attack: one that keeps its HTTP/1.1 connection, one that makes new ones, one in HTTP/2.</summary>
/// <remarks>The node has one loop, so that they share it with the attacker. Each of their requests must be answered with 200.</remarks>
internal sealed class Bystander : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _over = new();
    private readonly Task[] _clients;
    private readonly int[] _served = new int[3];

    private Bystander(Node node) => _clients = [KeepAliveAsync(node), ReconnectAsync(node), Http2Async(node)];

    /// <summary>Starts all clients and returns when each was served once.</summary>
    public static async Task<Bystander> StartAsync(Node node)
    {
        var bystander = new Bystander(node);
        await bystander.UntilServedAsync(1);
        return bystander;
    }

    /// <summary>Returns when each client was served so many times more.</summary>
    public async Task UntilServedAsync(int more)
    {
        int[] before = [.. _served];
        await Wait.UntilAsync(
            () =>
            {
                foreach (Task client in _clients)
                {
                    if (client.IsFaulted) throw new InvalidOperationException("A bystander was not served.", client.Exception);
                }

                return Enumerable.Range(0, _served.Length).All(i => Volatile.Read(ref _served[i]) >= before[i] + more);
            },
            "bystanders are served");
    }

    /// <summary>Ends them and throws what went wrong for any.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Wait.ForAsync(Task.WhenAll(_clients), "bystanders end");
        _over.Dispose();
    }

    private async Task KeepAliveAsync(Node node)
    {
        using Wire wire = await node.ConnectAsync();
        while (!_over.IsCancellationRequested)
        {
            await wire.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await CountAsync(0, (await wire.ReadResponseAsync()).Status);
        }
    }

    private async Task ReconnectAsync(Node node)
    {
        while (!_over.IsCancellationRequested) await CountAsync(1, (await node.GetAsync("/mock")).Status);
    }

    private async Task Http2Async(Node node)
    {
        using Http2Wire wire = await Http2Wire.ConnectAsync(node.DataPort);
        for (int stream = 1; !_over.IsCancellationRequested; stream += 2) await CountAsync(2, await wire.GetAsync(stream, "/mock"));
    }

    private async Task CountAsync(int client, int status)
    {
        Assert.Equal(200, status);
        Interlocked.Increment(ref _served[client]);
        await Task.Delay(Pause);
    }
}

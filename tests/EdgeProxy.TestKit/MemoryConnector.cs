using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.TestKit;

/// <summary>Gives a call connections whose other side is the test.</summary>
public sealed class MemoryConnector(EventLoop loop) : IConnector
{
    /// <summary>Connections opened, in order.</summary>
    public List<MemoryConnection> Opened { get; } = [];

    /// <summary>Where connections were asked for.</summary>
    public List<IpEndpoint> Asked { get; } = [];

    /// <summary>How the next attempts end; Ok when empty.</summary>
    public Queue<IoStatus> Outcomes { get; } = new();

    public LoopTask<ConnectResult> ConnectAsync(IpEndpoint endpoint, long deadline)
    {
        Asked.Add(endpoint);
        if (Outcomes.TryDequeue(out IoStatus status) && status != IoStatus.Ok) return new ConnectResult(status, null);
        var connection = new MemoryConnection(loop, endpoint.Address.ToString(), endpoint.Port);
        Opened.Add(connection);
        return new ConnectResult(IoStatus.Ok, connection);
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Transport.Connections;

/// <summary>Opens connections to other machines, on the calling loop.</summary>
public interface IConnector
{
    /// <summary>Connects; the connection is null unless the status is Ok. Reset means refused or unreachable.</summary>
    LoopTask<ConnectResult> ConnectAsync(IpEndpoint endpoint, long deadline);
}

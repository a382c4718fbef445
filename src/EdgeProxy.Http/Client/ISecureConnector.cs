using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Client;

/// <summary>Opens connections to upstreams by TLS, on the calling loop.</summary>
public interface ISecureConnector
{
    /// <summary>Connects and runs the handshake; the connection is null unless the status is Ok. What was agreed stands in <see cref="Connection.Tls"/>.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="host">Whom to expect there, unless <paramref name="tls"/> names another.</param>
    /// <param name="tls">How.</param>
    /// <param name="offer">What to offer by ALPN.</param>
    /// <param name="deadline">For both together, in monotonic nanoseconds.</param>
    LoopTask<SecureResult> ConnectAsync(IpEndpoint endpoint, string host, UpstreamTls tls, ApplicationProtocols offer, long deadline);
}

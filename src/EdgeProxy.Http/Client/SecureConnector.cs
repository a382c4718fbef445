using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Client;

/// <summary>Opens connections to upstreams by the TLS of this product.</summary>
/// <param name="tls">The loop's connector.</param>
public sealed class SecureConnector(TlsConnector tls) : ISecureConnector
{
    public async LoopTask<SecureResult> ConnectAsync(IpEndpoint endpoint, string host, UpstreamTls settings, ApplicationProtocols offer, long deadline)
    {
        TlsConnectResult result = await tls.ConnectAsync(endpoint, host, settings, offer, deadline);
        return new SecureResult(result.Status, result.Failure, result.Connection);
    }
}

using EdgeProxy.Core.Text;

namespace EdgeProxy.Http.Server;

/// <summary>The address a client connected to, where somebody said so.</summary>
internal sealed record LocalAddress(IpEndpoint Endpoint);

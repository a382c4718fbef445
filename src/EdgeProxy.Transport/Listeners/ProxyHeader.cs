using EdgeProxy.Core.Text;

namespace EdgeProxy.Transport.Listeners;

/// <summary>What the bytes at the start of a connection are.</summary>
public enum ProxyHeaderStatus : byte
{
    /// <summary>A whole PROXY protocol header.</summary>
    Complete,

    /// <summary>The start of one; call again with more.</summary>
    Incomplete,

    /// <summary>Something else. The connection must be closed: who asks for the protocol must not guess (its specification, 2).</summary>
    Violation,
}

/// <summary>A PROXY protocol header as read by <see cref="ProxyProtocol"/>.</summary>
/// <param name="Status">Whether there is one.</param>
/// <param name="Consumed">When complete: its bytes; the client's own follow.</param>
/// <param name="HasAddresses">False when the proxy speaks for itself (LOCAL) or names no IP addresses; those of the socket then count.</param>
/// <param name="Source">The client's address.</param>
/// <param name="Destination">The address the client connected to.</param>
public readonly record struct ProxyHeader(ProxyHeaderStatus Status, int Consumed, bool HasAddresses, IpEndpoint Source, IpEndpoint Destination);

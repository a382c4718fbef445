using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Transport.Listeners;

/// <summary>Takes the connections that one loop's share of a listener accepts.</summary>
public interface IConnectionAcceptor
{
    /// <summary>
    /// Whether the other side is a balancer that says in a PROXY header who the client is: then the listener counts the connection
    /// without an address, and whoever takes it counts the client's once it is known. Never changes.
    /// </summary>
    bool IsBehindProxy { get; }

    /// <summary>
    /// Takes a connection over. Whoever takes it calls <see cref="ConnectionLimits.Leave(EdgeProxy.Core.Text.IpAddress)"/> when it closes, or
    /// <see cref="ConnectionLimits.Leave()"/> where no address was counted.
    /// </summary>
    void OnAccepted(Connection connection);

    /// <summary>What to send before closing a connection that a limit refused.</summary>
    ReadOnlySpan<byte> RefusalFor(ConnectionRefusal refusal);
}

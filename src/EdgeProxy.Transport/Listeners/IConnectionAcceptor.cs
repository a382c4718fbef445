using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Transport.Listeners;

/// <summary>Takes the connections that one loop's share of a listener accepts.</summary>
public interface IConnectionAcceptor
{
    /// <summary>Takes a connection over. Whoever takes it calls <see cref="ConnectionLimits.Leave"/> when it closes.</summary>
    void OnAccepted(Connection connection);

    /// <summary>What to send before closing a connection that a limit refused.</summary>
    ReadOnlySpan<byte> RefusalFor(ConnectionRefusal refusal);
}

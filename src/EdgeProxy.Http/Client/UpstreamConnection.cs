using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>A connection to an upstream, in a call's hands or idle in its pool.</summary>
internal sealed class UpstreamConnection : IConnectionOwner
{
    internal UpstreamConnection? NewerIdle;
    internal UpstreamConnection? OlderIdle;
    internal bool IsIdle;

    public UpstreamConnection(UpstreamPool pool, Connection transport)
    {
        Pool = pool;
        Transport = transport;
        transport.Owner = this;
    }

    public UpstreamPool Pool { get; }

    public Connection Transport { get; }

    /// <summary>Whether a call was already sent on it.</summary>
    public bool WasUsed { get; set; }

    // Idle, it has nothing to say: what comes is the end, or bytes that would answer a request nobody made.
    public void OnReadable()
    {
        if (IsIdle) Pool.Discard(this);
    }

    public void OnReset()
    {
        if (IsIdle) Pool.Discard(this);
    }

    public void OnDeadline()
    {
        if (IsIdle) Pool.Discard(this);
    }
}

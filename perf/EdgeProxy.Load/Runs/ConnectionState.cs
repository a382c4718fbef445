namespace EdgeProxy.Load.Runs;

/// <summary>The life of a client connection.</summary>
internal enum ConnectionState
{
    /// <summary>No descriptor; to be opened when its time comes.</summary>
    Down,

    /// <summary>Waits for the handshake.</summary>
    Connecting,

    /// <summary>Carries requests.</summary>
    Open,
}

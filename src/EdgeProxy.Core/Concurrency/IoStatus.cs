namespace EdgeProxy.Core.Concurrency;

/// <summary>How a leaf wait on a connection ended. Expected ends are values; nothing here is thrown.</summary>
public enum IoStatus : byte
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>Nothing to read, or no room to write, without waiting.</summary>
    WouldBlock,

    /// <summary>The other side ended its direction in order (FIN).</summary>
    Closed,

    /// <summary>The other side broke the connection, or it broke under us.</summary>
    Reset,

    /// <summary>The deadline set for the wait passed.</summary>
    TimedOut,

    /// <summary>We gave the wait up ourselves: drain, shutdown, the other half of a proxied pair failed.</summary>
    Aborted,
}

namespace EdgeProxy.Transport.Listeners;

/// <summary>Why a connection was not taken.</summary>
public enum ConnectionRefusal : byte
{
    None,

    /// <summary>Setting <c>connections.total</c>.</summary>
    Total,

    /// <summary>Setting <c>connections.perIp</c>.</summary>
    PerAddress,
}

namespace EdgeProxy.Http.Server;

/// <summary>Why a client connection ended; a label of <c>edgeproxy_connections_closed_total</c>.</summary>
internal enum CloseReason : byte
{
    AsAgreed,
    ClientClosed,
    ClientReset,
    IdleTimeout,
    HeadTimeout,
    Violation,
    BodyUnread,
    Aborted,
    Drained,
    Error,
    Refused,

    /// <summary>Its TLS handshake failed.</summary>
    HandshakeFailed,
}

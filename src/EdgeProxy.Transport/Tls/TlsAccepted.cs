namespace EdgeProxy.Transport.Tls;

/// <summary>The end of a server's handshake.</summary>
/// <param name="Failure">None, or why there is no connection.</param>
/// <param name="Connection">The open connection, the caller's from here on; null after a failure, and then all is closed already.</param>
public readonly record struct TlsAccepted(TlsFailure Failure, TlsConnection? Connection);

using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Transport.Tls;

/// <summary>The end of an attempt to connect to an upstream by TLS.</summary>
/// <param name="Status">Ok; or how the connection itself failed; Reset when the handshake did, and then <paramref name="Failure"/> says why.</param>
/// <param name="Failure">Why there is no connection; None when it did not come to a handshake, and after success.</param>
/// <param name="Connection">The open connection; null unless the status is Ok.</param>
public readonly record struct TlsConnectResult(IoStatus Status, TlsFailure Failure, TlsConnection? Connection);

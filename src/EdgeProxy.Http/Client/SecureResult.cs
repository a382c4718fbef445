using EdgeProxy.Core.Concurrency;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Client;

/// <summary>The end of an attempt to reach an upstream by TLS.</summary>
/// <param name="Status">Ok; or how the connection failed, Reset when the handshake did.</param>
/// <param name="Failure">Why the handshake failed; None when it did not come to one, and after success.</param>
/// <param name="Connection">Null unless the status is Ok.</param>
public readonly record struct SecureResult(IoStatus Status, TlsFailure Failure, Connection? Connection);

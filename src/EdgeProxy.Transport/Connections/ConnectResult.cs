using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Transport.Connections;

/// <summary>The end of a connection attempt.</summary>
public readonly record struct ConnectResult(IoStatus Status, Connection? Connection);

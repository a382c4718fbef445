namespace EdgeProxy.Http.Server;

/// <summary>What a client's connection speaks; the label <c>protocol</c> of <c>edgeproxy_connections</c>.</summary>
internal enum ClientProtocol : byte
{
    /// <summary>Nothing yet: a PROXY header or a TLS handshake is under way.</summary>
    Opening,
    Http1,
    Http2,
}

namespace EdgeProxy.Settings;

/// <summary>One data listener.</summary>
/// <param name="Url">Where it binds.</param>
/// <param name="Name">Unique among the listeners.</param>
/// <param name="Http2">Whether HTTP/2 is spoken besides HTTP/1.1.</param>
/// <param name="ProxyProtocol">Whether connections start with a PROXY protocol header.</param>
internal sealed record ListenerSettings(ListenUrl Url, string Name, bool Http2, bool ProxyProtocol);

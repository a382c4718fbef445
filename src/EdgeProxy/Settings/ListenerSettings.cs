namespace EdgeProxy.Settings;

/// <summary>One data listener.</summary>
/// <param name="Url">Where it binds.</param>
/// <param name="Name">Unique among the listeners.</param>
/// <param name="ProxyProtocol">Whether connections start with a PROXY protocol header.</param>
internal sealed record ListenerSettings(ListenUrl Url, string Name, bool ProxyProtocol);

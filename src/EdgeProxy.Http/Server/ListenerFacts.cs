namespace EdgeProxy.Http.Server;

/// <summary>What a handler may ask of the listener a request came in by.</summary>
/// <param name="Name">As configured, for metrics and logs.</param>
/// <param name="IsAdmin">Whether it is the admin listener.</param>
/// <param name="IsTls">Whether clients speak TLS to it.</param>
/// <param name="IsLoopback">Whether it is bound to a loopback address.</param>
/// <param name="Port">The bound port.</param>
public sealed record ListenerFacts(string Name, bool IsAdmin, bool IsTls, bool IsLoopback, int Port);

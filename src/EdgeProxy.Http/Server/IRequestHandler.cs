using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Http.Server;

/// <summary>Where Http ends and the gateway, or the management API, begins.</summary>
public interface IRequestHandler
{
    /// <summary>Answers one request, on the loop the exchange belongs to. An exception is a bug: it is logged and the connection closed, with 500 if nothing was sent.</summary>
    LoopTask HandleAsync(Exchange exchange);
}

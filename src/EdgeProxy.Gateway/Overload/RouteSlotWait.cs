using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Overload;

/// <summary>A request's place in the queue of its route, given up when its client is gone.</summary>
internal sealed class RouteSlotWait : SlotWait, IAbortable;

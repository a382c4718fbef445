using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Hosts;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway;

/// <summary>The data plane's door: captures the snapshot, finds the stage, and takes the walk of its kind.</summary>
internal sealed class GatewayHandler : IRequestHandler
{
    private readonly SnapshotHolder _snapshots;
    private readonly LoopServices[] _services;

    /// <param name="snapshots">Where the snapshot that serves now is found.</param>
    /// <param name="services">By the ordinal of the loop.</param>
    public GatewayHandler(SnapshotHolder snapshots, LoopServices[] services)
    {
        _snapshots = snapshots;
        _services = services;
    }

    public LoopTask HandleAsync(Exchange exchange)
    {
        GatewaySnapshot snapshot = _snapshots.Current;
        LoopServices services = _services[exchange.Loop.Ordinal];
        if (snapshot.Settings.Overload is { } overload && services.Shedder is { } shedder && shedder.MustShed(overload))
        {
            return ShedRequest.RunAsync(exchange, services.Metrics);
        }

        // The context is kept with the exchange, which is pooled: nothing is made in steady state.
        if (exchange.HandlerState is not RequestContext request)
        {
            request = new RequestContext(exchange, services);
            exchange.HandlerState = request;
        }

        return WalkAsync(request, snapshot);
    }

    /// <summary>Takes a request through the phases that all kinds of API have in common, and on to the walk of its own.</summary>
    /// <param name="request">A context whose exchange has a request.</param>
    /// <param name="snapshot">What it is served from.</param>
    public static LoopTask WalkAsync(RequestContext request, GatewaySnapshot snapshot)
    {
        request.Begin(snapshot);
        Verdict verdict = request.Observe(WalkPhase.CheckTarget, CheckTarget.Run(request));
        if (!verdict.Ends) verdict = request.Observe(WalkPhase.SelectHost, SelectHost.Run(request));

        return request.Stage?.Kind switch
        {
            // A request without a stage is answered in the form of REST APIs (rest-api.md 1.2).
            ApiKind.Rest or null => RestWalk.RunAsync(request, verdict),

            // No compiler makes plans of the other kinds yet; if one does, they stay closed until their walk is here.
            _ => RestWalk.RunAsync(request, Verdict.Of(FaultKind.ClosedConfiguration)),
        };
    }
}

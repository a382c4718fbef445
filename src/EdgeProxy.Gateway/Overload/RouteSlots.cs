using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Overload;

/// <summary>The slots of one route, and what is counted of them. Live: plans with other figures find the same ones.</summary>
internal sealed class RouteSlots
{
    private readonly Counter[] _outcomes;
    private int _lastCap;

    public RouteSlots(GatewayMetrics metrics, string apiId, string stage, string resource, string method)
    {
        metrics.SlotsInUse.Add(() => Limit.InUse, apiId, stage, resource, method);
        metrics.SlotsQueued.Add(() => Limit.Waiting, apiId, stage, resource, method);
        metrics.SlotCaps.Add(() => _lastCap, apiId, stage, resource, method);
        _outcomes = Array.ConvertAll(Enum.GetValues<SlotOutcome>(), outcome => metrics.SlotWaits.With(apiId, stage, resource, method, LabelOf(outcome)));
    }

    public ConcurrencyLimit Limit { get; } = new();

    /// <summary>Works out how many there are, for routes with <c>concurrency: auto</c>; the others do not feed it.</summary>
    public AdaptiveCap Adaptive { get; } = new();

    /// <summary>The requests that found no free slot, by what became of them.</summary>
    public Counter Outcomes(SlotOutcome outcome) => _outcomes[(int)outcome];

    /// <summary>The figures for the next request.</summary>
    public ConcurrencyCap CapOf(RouteSettings settings)
    {
        ConcurrencyCap cap = settings.HasAdaptiveConcurrency ? settings.Concurrency with { Max = Adaptive.Cap } : settings.Concurrency;
        if (_lastCap != cap.Max) _lastCap = cap.Max; // for the gauge
        return cap;
    }

    /// <summary>Gives a request's slot back.</summary>
    /// <param name="request">The request, whose integration has answered or failed or was never called.</param>
    public void Leave(RequestContext request)
    {
        // An answer from the backend says how busy it is; a failure may come at once and says nothing.
        bool isAnswered = request.IntegrationStatus != 0 && request.IntegrationEndedAt != 0;
        if (isAnswered && request.Deployment is { } deployment && deployment.Settings(request.Route!.Ordinal).HasAdaptiveConcurrency)
        {
            Adaptive.Observe(request.IntegrationEndedAt - request.IntegrationStartedAt, Limit.InUse, request.Now);
        }

        Limit.Leave();
    }

    private static string LabelOf(SlotOutcome outcome) => outcome switch
    {
        SlotOutcome.Entered => "served",
        SlotOutcome.QueueFull => "queue_full",
        SlotOutcome.TimedOut => "timed_out",
        _ => "given_up",
    };
}

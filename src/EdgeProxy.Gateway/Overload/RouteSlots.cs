using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Overload;

/// <summary>The slots of one route, and what is counted of them. Live: plans with other figures find the same ones.</summary>
internal sealed class RouteSlots
{
    private readonly Counter[] _outcomes;

    public RouteSlots(GatewayMetrics metrics, string apiId, string stage, string resource, string method)
    {
        metrics.SlotsInUse.Add(() => Limit.InUse, apiId, stage, resource, method);
        metrics.SlotsQueued.Add(() => Limit.Waiting, apiId, stage, resource, method);
        _outcomes = Array.ConvertAll(Enum.GetValues<SlotOutcome>(), outcome => metrics.SlotWaits.With(apiId, stage, resource, method, LabelOf(outcome)));
    }

    public ConcurrencyLimit Limit { get; } = new();

    /// <summary>The requests that found no free slot, by what became of them.</summary>
    public Counter Outcomes(SlotOutcome outcome) => _outcomes[(int)outcome];

    private static string LabelOf(SlotOutcome outcome) => outcome switch
    {
        SlotOutcome.Entered => "served",
        SlotOutcome.QueueFull => "queue_full",
        SlotOutcome.TimedOut => "timed_out",
        _ => "given_up",
    };
}

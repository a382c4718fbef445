using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What is counted of one upstream and its targets.</summary>
internal sealed class UpstreamSeries : ISeriesOwner
{
    private readonly TargetMetrics _metrics;
    private readonly Counter[] _retries;
    private readonly Counter[] _waits;
    private readonly ISeriesOwner? _stage;
    private bool _isGone;

    /// <param name="metrics">The families.</param>
    /// <param name="api">The API's id.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="upstream">Scheme, host and port of the integration's URI.</param>
    /// <param name="owner">The stage it belongs to; null for one that never goes.</param>
    public UpstreamSeries(GatewayMetrics metrics, string api, string stage, string upstream, ISeriesOwner? owner = null)
    {
        _stage = owner;
        _metrics = metrics.Targets;
        Api = api;
        Stage = stage;
        Upstream = upstream;
        _retries = Array.ConvertAll(["connect", "reset", "timeout", "status"], cause => _metrics.Retries.With(api, stage, upstream, cause));
        _waits = Array.ConvertAll(["served", "queue_full", "timed_out", "given_up"], outcome => _metrics.Waits.With(api, stage, upstream, outcome)); // in the order of SlotOutcome
        BudgetRefusals = _metrics.BudgetRefusals.With(api, stage, upstream);
        CircuitState = _metrics.CircuitState.With(api, stage, upstream);
        CircuitRefusals = _metrics.CircuitRefusals.With(api, stage, upstream);
        EjectionRefusals = metrics.LimitHits("upstream.ejection.mostPercent");
        SlotRefusals = metrics.LimitHits("upstream.concurrency");
    }

    public string Api { get; }

    public string Stage { get; }

    public string Upstream { get; }

    public bool IsGone => Volatile.Read(ref _isGone) || _stage is { IsGone: true };

    /// <summary>No plan that serves has the upstream any more.</summary>
    public void End() => Volatile.Write(ref _isGone, true);

    /// <summary>Further attempts that the budget did not allow.</summary>
    public Counter BudgetRefusals { get; }

    /// <summary>0 closed, 1 open, 2 half open.</summary>
    public Gauge CircuitState { get; }

    /// <summary>Requests that an open circuit refused.</summary>
    public Counter CircuitRefusals { get; }

    /// <summary>Ejections that did not happen because as many targets were left out as may be.</summary>
    public Counter EjectionRefusals { get; }

    /// <summary>Requests that were refused because as many were under way, and waited, as may.</summary>
    public Counter SlotRefusals { get; }

    /// <summary>Requests that found no free slot, by what became of them.</summary>
    public Counter Waits(SlotOutcome outcome) => _waits[(int)outcome];

    /// <summary>Further attempts for one cause.</summary>
    public Counter Retries(RetryCauses cause) => _retries[cause switch { RetryCauses.Connect => 0, RetryCauses.Reset => 1, RetryCauses.Timeout => 2, _ => 3 }];

    public Counter Picks(ISeriesOwner target, string label) => _metrics.Picks.With(target, Api, Stage, Upstream, label);

    public Gauge Healthy(ISeriesOwner target, string label) => _metrics.Healthy.With(target, Api, Stage, Upstream, label);

    public Counter Checks(TargetLive target, bool isGood) => _metrics.Checks.With(target, Api, Stage, Upstream, target.Label, isGood ? "ok" : "failed");

    public Counter Ejections(TargetLive target, string reason) => _metrics.Ejections.With(target, Api, Stage, Upstream, target.Label, reason);
}

using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Live;

/// <summary>What outlasts the plans of one route.</summary>
internal sealed class RouteLive : ISeriesOwner
{
    private readonly StageLive _stage;
    private RateLimit? _throttle;
    private RouteSlots? _slots;
    private RouteSeries? _series;
    private bool _isGone;

    internal RouteLive(string resourcePath, string method, StageLive stage)
    {
        ResourcePath = resourcePath;
        Method = method;
        _stage = stage;
    }

    public string ResourcePath { get; }

    public string Method { get; }

    /// <summary>Whether its stage has it no more, or is gone itself.</summary>
    public bool IsGone => Volatile.Read(ref _isGone) || _stage.IsGone;

    /// <summary>The route's own series, used when its stage has detailed metrics on; made when it is first asked for. Any thread.</summary>
    public RouteSeries Series => Volatile.Read(ref _series) ?? MakeSeries();

    /// <summary>The route's bucket: the same one for as long as its rate is the same. Control thread.</summary>
    public RateLimit Throttle(Rate rate) => RateLimit.Follow(ref _throttle, rate)!;

    /// <summary>The route's slots, made when it is first capped. Control thread.</summary>
    public RouteSlots Slots(StageLive stage) => _slots ??= stage.MakeSlots(ResourcePath, Method);

    /// <summary>Its stage has it no more.</summary>
    internal void End() => Volatile.Write(ref _isGone, true);

    // Of two loops that come first at once, one's is taken: a series counts in what the registry has of it.
    private RouteSeries MakeSeries()
    {
        RouteSeries made = _stage.SeriesOf(this, ResourcePath, Method);
        return Interlocked.CompareExchange(ref _series, made, null) ?? made;
    }
}

using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Gateway.Live;

/// <summary>What outlasts the plans of one route.</summary>
internal sealed class RouteLive
{
    private RateLimit? _throttle;
    private RouteSlots? _slots;

    internal RouteLive(string resourcePath, string method, RouteSeries series)
    {
        ResourcePath = resourcePath;
        Method = method;
        Series = series;
    }

    public string ResourcePath { get; }

    public string Method { get; }

    /// <summary>The route's own series, used when its stage has detailed metrics on.</summary>
    public RouteSeries Series { get; }

    /// <summary>The route's bucket: the same one for as long as its rate is the same. Control thread.</summary>
    public RateLimit Throttle(Rate rate) => RateLimit.Follow(ref _throttle, rate)!;

    /// <summary>The route's slots, made when it is first capped. Control thread.</summary>
    public RouteSlots Slots(StageLive stage) => _slots ??= stage.MakeSlots(ResourcePath, Method);
}

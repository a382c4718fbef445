using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A stage's settings for one route. They change without compiling the deployment again.</summary>
internal sealed class RouteSettings
{
    /// <summary>The settings of a route that has none of its own, with detailed metrics.</summary>
    public static RouteSettings Detailed { get; } = new() { DetailedMetrics = true };

    /// <summary>Whether series carry resource and method (<c>metricsEnabled</c>).</summary>
    public bool DetailedMetrics { get; init; }

    /// <summary>How often the route may be called; null for no limit.</summary>
    public Rate? Throttle { get; init; }

    /// <summary>How answers are cached; null for not at all.</summary>
    public RouteCacheSettings? Cache { get; init; }

    /// <summary>Where <see cref="Throttle"/> comes from.</summary>
    public ThrottleScope ThrottleScope { get; init; } = ThrottleScope.Stage;

    /// <summary>How many requests may be under way; a <see cref="ConcurrencyCap.Max"/> of 0 for any number.</summary>
    public ConcurrencyCap Concurrency { get; init; }

    /// <summary>Whether the <see cref="ConcurrencyCap.Max"/> is only where to begin, and then follows what the backend bears.</summary>
    public bool HasAdaptiveConcurrency { get; init; }
}

using EdgeProxy.Gateway.Accounting;

namespace EdgeProxy.Gateway.Live;

/// <summary>What outlasts the plans of one route.</summary>
internal sealed class RouteLive
{
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
}

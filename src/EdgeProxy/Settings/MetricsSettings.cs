namespace EdgeProxy.Settings;

/// <summary>What <c>/metrics</c> shows.</summary>
/// <param name="Detailed">Whether route and method are labels.</param>
/// <param name="MaxSeries">Most label sets of one metric.</param>
internal sealed record MetricsSettings(bool Detailed, int MaxSeries);

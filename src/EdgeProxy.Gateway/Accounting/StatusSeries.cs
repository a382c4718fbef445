using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>The series of one route and status.</summary>
internal sealed record StatusSeries(int Status, Counter Requests, Histogram Duration);

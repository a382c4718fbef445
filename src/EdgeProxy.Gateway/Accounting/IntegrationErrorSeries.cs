using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>The series of one route, integration type and kind of failure.</summary>
internal sealed record IntegrationErrorSeries(IntegrationKind Integration, string Kind, Counter Errors);

using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>The last phase: metrics and access log line of a request that has been answered, or was lost.</summary>
internal static class Account
{
    public static void Run(RequestContext request)
    {
        if (request.Services.IsRehearsal) return;
        Exchange exchange = request.Exchange;
        int stripe = exchange.Loop.Ordinal;
        long duration = request.Now - exchange.StartedAt;
        int status = StatusOf(request);
        RouteSeries series = SeriesOf(request);

        StatusSeries counted = series.ForStatus(status);
        counted.Requests.Increment(stripe);
        counted.Duration.Observe(stripe, duration);
        if (request.Route is { } route) CountIntegration(request, route.Integration.Kind, series, stripe);
        if (request.Fault is FaultKind.ClientCertificateRefused or FaultKind.ClientCertificateCut) request.Services.Metrics.MutualTlsFailures.Increment(stripe);
        if (request.CacheUseOrNull is { Outcome: not CacheOutcome.None } cache) series.ForCache(cache.Outcome).Increment(stripe);
        if (request.Stage is { } stage)
        {
            if (stage.Canary is not null) stage.Live.CanaryRequests(request.IsCanary, status).Increment(stripe);
            stage.Live.BytesReceived.Add(stripe, exchange.RequestBytes);
            stage.Live.BytesSent.Add(stripe, exchange.ResponseBytes);
        }

        if (request.Services.AccessLog is { } log) AccessLogLine.Write(request, log, status, duration);
    }

    // A client that went away before it got a byte has no status of its own.
    private static int StatusOf(RequestContext request)
    {
        if (request.Fault == FaultKind.ClientGone && request.Exchange.ResponseBytes == 0) return Faults.Of(FaultKind.ClientGone).Status;
        int status = request.Exchange.Response.Status;
        return status != 0 ? status : Faults.Of(request.Fault).Status;
    }

    /// <summary>The series that a request is counted in; of a rehearsal, one that nobody reads.</summary>
    public static RouteSeries SeriesOf(RequestContext request)
    {
        if (request.Stage is not { } stage || request.Services.IsRehearsal) return request.Services.Metrics.Unrouted;
        if (request.Route is not { } route || !request.Deployment!.Settings(route.Ordinal).DetailedMetrics) return stage.Live.Series;
        return request.Deployment.Live(route.Ordinal).Series;
    }

    private static void CountIntegration(RequestContext request, IntegrationKind kind, RouteSeries series, int stripe)
    {
        if (request.IntegrationEndedAt != 0) series.ForIntegration(kind).Observe(stripe, request.IntegrationEndedAt - request.IntegrationStartedAt);
        if (request.Fault == FaultKind.None || Faults.Of(request.Fault).IntegrationErrorKind is not { } error) return;
        series.ForError(kind, error).Increment(stripe);
    }
}

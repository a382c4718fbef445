using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Gateway.Caching;

/// <summary>Says that something went wrong in the cache. The request does not notice.</summary>
internal static partial class CacheFailures
{
    private const long Pause = 60_000_000_000;

    /// <summary>Counts it, and logs it once a minute at most.</summary>
    public static void Report(RequestContext request, Exception exception)
    {
        request.Services.Metrics.Cache.Failures.Increment(request.Exchange.Loop.Ordinal);
        if (request.Services.Metrics.Cache.TryTakeLogLine(request.Now, Pause)) Failed(request.Services.Log, exception);
    }

    [LoggerMessage(EventIds.Gateway + 30, LogLevel.Error, "The cache failed; the request was answered without it. Further failures are logged once a minute and counted in edgeproxy_cache_failures_total", EventName = "cache_failed")]
    private static partial void Failed(ILogger log, Exception exception);
}

using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>What is logged of changes that calls of the management API make to what is served.</summary>
internal static partial class PublisherLog
{
    [LoggerMessage(EventIds.Process + 60, LogLevel.Information, "Stage {Stage} of the API {Api} serves deployment {Deployment} as version {Snapshot} after {Milliseconds} ms", EventName = "published")]
    public static partial void Published(ILogger log, string stage, string api, string deployment, long snapshot, long milliseconds);

    [LoggerMessage(EventIds.Process + 61, LogLevel.Information, "Stage {Stage} of the API {Api} serves deployment {Deployment}, and {Canary} to its canary, as version {Snapshot} after {Milliseconds} ms", EventName = "published_canary")]
    public static partial void PublishedWithCanary(ILogger log, string stage, string api, string deployment, string canary, long snapshot, long milliseconds);

    [LoggerMessage(EventIds.Process + 62, LogLevel.Information, "Stage {Stage} of the API {Api} is not served any more, as of version {Snapshot} after {Milliseconds} ms", EventName = "withdrawn")]
    public static partial void Withdrawn(ILogger log, string stage, string api, long snapshot, long milliseconds);

    [LoggerMessage(EventIds.Process + 63, LogLevel.Debug, "Keys, plans, domains or links changed as of version {Snapshot} after {Milliseconds} ms", EventName = "published_account")]
    public static partial void Changed(ILogger log, long snapshot, long milliseconds);

    [LoggerMessage(EventIds.Process + 64, LogLevel.Warning, "The API {Api} is stored and not served: this version has no data plane for HTTP and WebSocket APIs", EventName = "not_served_yet")]
    public static partial void NotServedYet(ILogger log, string api);

    [LoggerMessage(EventIds.Process + 65, LogLevel.Warning, "Private custom domains are not served, every request for one is answered with 403: {Domains}", EventName = "private_domains")]
    public static partial void PrivateDomains(ILogger log, string domains);

    [LoggerMessage(EventIds.Process + 66, LogLevel.Warning, "The automatic deployment of the API {Api} cannot be served; its change is kept and its stages serve what they served. {Problems}", EventName = "auto_deployment_failed")]
    public static partial void DeploymentFailed(ILogger log, string api, string problems);
}

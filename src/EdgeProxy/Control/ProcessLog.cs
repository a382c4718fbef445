using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>What the process itself logs: its life, and what its operator must know.</summary>
internal static partial class ProcessLog
{
    [LoggerMessage(EventIds.Process + 1, LogLevel.Information, "Starting EdgeProxy {Version} with {Loops} loops; {Descriptors} descriptors allow {Connections} connections", EventName = "starting")]
    public static partial void Starting(ILogger log, string version, int loops, long descriptors, int connections);

    [LoggerMessage(EventIds.Process + 2, LogLevel.Information, "The listener {Listener} is at {Url}", EventName = "listening")]
    public static partial void Listening(ILogger log, string listener, string url);

    [LoggerMessage(EventIds.Process + 3, LogLevel.Error, "The listener {Listener} cannot be bound: {Reason}; giving up", EventName = "listen_failed")]
    public static partial void ListenFailed(ILogger log, string listener, string reason);

    [LoggerMessage(EventIds.Process + 4, LogLevel.Information, "Ready: serving {Apis} APIs with {Routes} routes after {Milliseconds} ms", EventName = "ready")]
    public static partial void Ready(ILogger log, int apis, int routes, long milliseconds);

    [LoggerMessage(EventIds.Process + 5, LogLevel.Information, "Draining: new connections are taken for another {Grace}, requests in flight may then take {Timeout}", EventName = "draining")]
    public static partial void Draining(ILogger log, string grace, string timeout);

    [LoggerMessage(EventIds.Process + 6, LogLevel.Warning, "The drain's time is over; cutting {Connections} connections", EventName = "drain_cut")]
    public static partial void DrainCut(ILogger log, int connections);

    [LoggerMessage(EventIds.Process + 7, LogLevel.Information, "Stopped", EventName = "stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(EventIds.Process + 10, LogLevel.Information, "Reloaded ({Reason}): serving {Apis} APIs with {Routes} routes as version {Snapshot} after {Milliseconds} ms", EventName = "reload")]
    public static partial void Reloaded(ILogger log, string reason, int apis, int routes, long snapshot, long milliseconds);

    [LoggerMessage(EventIds.Process + 11, LogLevel.Error, "Not reloaded ({Reason}): {Errors} errors; version {Snapshot} stays in force", EventName = "reload_failed")]
    public static partial void ReloadFailed(ILogger log, string reason, int errors, long snapshot);

    [LoggerMessage(EventId = EventIds.Process + 12, Message = "{Problem}", EventName = "problem")]
    public static partial void Problem(ILogger log, LogLevel level, string problem);

    [LoggerMessage(EventIds.Process + 14, LogLevel.Warning, "The new value of {Setting} needs a restart; the old one stays in force", EventName = "restart_needed")]
    public static partial void RestartNeeded(ILogger log, string setting);

    [LoggerMessage(EventIds.Process + 15, LogLevel.Warning, "Files cannot be watched (inotify); changes are taken over on SIGHUP only", EventName = "watch_unavailable")]
    public static partial void WatchUnavailable(ILogger log);

    [LoggerMessage(EventIds.Process + 20, LogLevel.Warning, "The inherited socket {Descriptor} ({SocketName}) belongs to no listener; it is not served", EventName = "socket_unused")]
    public static partial void SocketUnused(ILogger log, int descriptor, string socketName);

    [LoggerMessage(EventId = EventIds.Process + 22, Message = "{Reason} The loops use epoll.", EventName = "io_uring_refused")]
    public static partial void UringRefused(ILogger log, LogLevel level, string reason);

    [LoggerMessage(EventIds.Process + 23, LogLevel.Information, "Serving a certificate made for trying out, for {Names}; its SHA-256 fingerprint is {Fingerprint}", EventName = "tls_self_signed")]
    public static partial void SelfSigned(ILogger log, string names, string fingerprint);

    [LoggerMessage(EventIds.Process + 24, LogLevel.Debug, "The key of session tickets was changed", EventName = "tls_tickets_rotated")]
    public static partial void TicketsRotated(ILogger log);

    [LoggerMessage(EventIds.Process + 25, LogLevel.Debug, "Explained a request of {Bytes} bytes, which ends {End} after {Phases} phases", EventName = "explained")]
    public static partial void Explained(ILogger log, int bytes, string end, int phases);

    [LoggerMessage(EventIds.Process + 26, LogLevel.Information, "Flushed the cache of API {Api}, stage {Stage}: {Stages} stages", EventName = "cache_flushed")]
    public static partial void CacheFlushed(ILogger log, string api, string stage, int stages);

    [LoggerMessage(EventId = EventIds.Process + 27, Message = "A request of {Client} to the admin listener was refused: {Reason}", EventName = "admin_refused")]
    public static partial void AdminRefused(ILogger log, LogLevel level, string client, string reason);

    [LoggerMessage(EventIds.Process + 30, LogLevel.Error, "A request's handler failed; its connection was closed", EventName = "handler_failed")]
    public static partial void HandlerFailed(ILogger log, Exception exception);

    [LoggerMessage(EventIds.Process + 31, LogLevel.Error, "Loop {Loop} met an exception that nobody handled", EventName = "loop_failed")]
    public static partial void LoopFailed(ILogger log, int loop, Exception exception);

    [LoggerMessage(EventIds.Process + 32, LogLevel.Error, "Loop {Loop} has not turned for {Seconds} s; not answering the watchdog", EventName = "loop_stuck")]
    public static partial void LoopStuck(ILogger log, int loop, long seconds);
}

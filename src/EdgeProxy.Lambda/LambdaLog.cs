using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Lambda;

#pragma warning disable SYSLIB1015 // a function's words stand alone in the message; whose they are is in the line's fields
/// <summary>What local functions log: their own output, and the life of their workers (specification lambda.md 15).</summary>
internal static partial class LambdaLog
{
    [LoggerMessage(EventIds.Lambda + 1, LogLevel.Information, "Function {Function} started worker {Worker} in {Milliseconds} ms", EventName = "function_worker_started")]
    public static partial void WorkerStarted(ILogger log, string function, string worker, double milliseconds);

    [LoggerMessage(EventIds.Lambda + 2, LogLevel.Warning, "INIT_REPORT Init Duration: {Milliseconds} ms Phase: init Status: {Status} Error Type: {ErrorType}; worker {Worker} of function {Function} could not start: {Reason}", EventName = "function_init_failed")]
    public static partial void InitFailed(ILogger log, string function, string worker, double milliseconds, string status, string errorType, string reason);

    [LoggerMessage(EventIds.Lambda + 3, LogLevel.Warning, "Worker {Worker} of function {Function} ended ({Reason}) while it was {Phase}; another takes its place", EventName = "function_worker_ended")]
    public static partial void WorkerEnded(ILogger log, string function, string worker, string reason, string phase);

    [LoggerMessage(EventIds.Lambda + 4, LogLevel.Warning, "{RequestId} {Text}; stopping worker {Worker} of function {Function}", EventName = "function_timed_out")]
    public static partial void TimedOut(ILogger log, string function, string worker, string requestId, string text);

    [LoggerMessage(EventIds.Lambda + 5, LogLevel.Warning, "The runtime of worker {Worker} of function {Function} asked for an event while it had one; it was given the same again", EventName = "function_repeated_poll")]
    public static partial void RepeatedPoll(ILogger log, string function, string worker);

    [LoggerMessage(EventIds.Lambda + 6, LogLevel.Debug, "Worker {Worker} of function {Function} stops: {Reason}", EventName = "function_worker_stops")]
    public static partial void WorkerStops(ILogger log, string function, string worker, string reason);

    [LoggerMessage(EventIds.Lambda + 7, LogLevel.Debug, "START RequestId: {RequestId} Version: {Version}", EventName = "function_start")]
    public static partial void Start(ILogger log, string requestId, string version, string function, string worker);

    [LoggerMessage(EventIds.Lambda + 8, LogLevel.Debug, "END RequestId: {RequestId}", EventName = "function_end")]
    public static partial void End(ILogger log, string requestId, string function, string worker);

    [LoggerMessage(EventIds.Lambda + 9, LogLevel.Debug, "{Report}", EventName = "function_report")]
    public static partial void Report(ILogger log, string report, string function, string worker);

    [LoggerMessage(EventIds.Lambda + 10, LogLevel.Information, "{Line}", EventName = "function_output")]
    public static partial void Output(ILogger log, string line, string function, string worker, string stream, string requestId);

    [LoggerMessage(EventIds.Lambda + 11, LogLevel.Error, "The Runtime API of function {Function} cannot listen: {Reason}", EventName = "function_listen_failed")]
    public static partial void ListenFailed(ILogger log, string function, string reason);

    [LoggerMessage(EventIds.Lambda + 12, LogLevel.Error, "The Runtime API failed; closing the connection", EventName = "function_handler_failed")]
    public static partial void HandlerFailed(ILogger log, Exception exception);
}

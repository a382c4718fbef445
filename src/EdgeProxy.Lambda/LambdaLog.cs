using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Lambda;

#pragma warning disable SYSLIB1015 // a function's words stand alone in the message; whose they are is in the line's fields
/// <summary>What local functions log: their own output, and the life of their workers (specification lambda.md 15).</summary>
internal static partial class LambdaLog
{
    private static readonly EventId s_report = new(EventIds.Lambda + 9, "function_report");
    private static readonly EventId s_output = new(EventIds.Lambda + 10, "function_output");

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

    /// <summary>The report of an invocation.</summary>
    public static void Report(ILogger log, string report, string function, string worker) =>
        log.Log(LogLevel.Debug, s_report, new Words(report, [new("function", function), new("worker", worker)]), null, Words.Text);

    /// <summary>A line of a function's output.</summary>
    public static void Output(ILogger log, string line, string function, string worker, string stream, string requestId) =>
        log.Log(LogLevel.Information, s_output, new Words(line, [new("function", function), new("worker", worker), new("stream", stream), new("requestId", requestId)]), null, Words.Text);

    [LoggerMessage(EventIds.Lambda + 11, LogLevel.Error, "The Runtime API of function {Function} cannot listen: {Reason}", EventName = "function_listen_failed")]
    public static partial void ListenFailed(ILogger log, string function, string reason);

    [LoggerMessage(EventIds.Lambda + 12, LogLevel.Error, "The Runtime API failed; closing the connection", EventName = "function_handler_failed")]
    public static partial void HandlerFailed(ILogger log, Exception exception);

    /// <summary>Words that are the message as they are, and not a field once more; whose they are stands beside it.</summary>
    private sealed class Words(string text, KeyValuePair<string, object?>[] fields) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public static readonly Func<Words, Exception?, string> Text = (words, _) => words.ToString();

        public int Count => fields.Length;

        public KeyValuePair<string, object?> this[int index] => fields[index];

        public override string ToString() => text;

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)fields).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

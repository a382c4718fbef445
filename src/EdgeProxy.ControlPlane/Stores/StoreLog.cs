using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.ControlPlane.Stores;

/// <summary>What stores log.</summary>
public static partial class StoreLog
{
    [LoggerMessage(EventIds.ControlPlane + 1, LogLevel.Information, "Remembering in {File}: {Records} records of usage were read in {Milliseconds} ms", EventName = "store_loaded")]
    public static partial void Loaded(ILogger log, string file, long records, long milliseconds);

    [LoggerMessage(EventIds.ControlPlane + 2, LogLevel.Warning, "Usage cannot be kept: {Reason} Requests are served and counted; saving is tried again each second", EventName = "store_failing")]
    public static partial void Failing(ILogger log, string reason);

    [LoggerMessage(EventIds.ControlPlane + 3, LogLevel.Information, "Usage is kept again, after {Failures} failures; nothing was lost", EventName = "store_recovered")]
    public static partial void Recovered(ILogger log, long failures);

    [LoggerMessage(EventIds.ControlPlane + 4, LogLevel.Error, "The usage of {Records} keys and days is lost at the end of the process: {Reason}", EventName = "store_lost")]
    public static partial void Lost(ILogger log, int records, string reason);

    [LoggerMessage(EventIds.ControlPlane + 5, LogLevel.Error, "{Reason}", EventName = "store_refused")]
    public static partial void Refused(ILogger log, string reason);

    [LoggerMessage(EventIds.ControlPlane + 6, LogLevel.Information, "Without a data directory (setting data) nothing that the management API is told outlasts the process", EventName = "store_in_memory")]
    public static partial void InMemory(ILogger log);

    [LoggerMessage(EventIds.ControlPlane + 7, LogLevel.Information, "Remembering in {File}: {Records} records of the management API were read in {Milliseconds} ms", EventName = "store_records_loaded")]
    public static partial void RecordsLoaded(ILogger log, string file, long records, long milliseconds);
}

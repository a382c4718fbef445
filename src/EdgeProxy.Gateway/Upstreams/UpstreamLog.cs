using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What is said of upstreams in the node log, to whoever has to look after them.</summary>
internal static partial class UpstreamLog
{
    [LoggerMessage(EventIds.Gateway + 40, LogLevel.Warning, "Target {Target} of upstream {Upstream} (API {Api}, stage {Stage}) failed ({Reason}); leaving it out for {Seconds} s", EventName = "upstream_target_ejected")]
    public static partial void Ejected(ILogger log, string target, string upstream, string api, string stage, string reason, double seconds);

    [LoggerMessage(EventIds.Gateway + 41, LogLevel.Information, "Target {Target} of upstream {Upstream} (API {Api}, stage {Stage}) may take requests again", EventName = "upstream_target_back")]
    public static partial void Back(ILogger log, string target, string upstream, string api, string stage);

    [LoggerMessage(EventIds.Gateway + 42, LogLevel.Warning, "Only {Usable} of {Targets} targets of upstream {Upstream} (API {Api}, stage {Stage}) are in order; sending requests to all of them", EventName = "upstream_panic")]
    public static partial void Panic(ILogger log, int usable, int targets, string upstream, string api, string stage);

    [LoggerMessage(EventIds.Gateway + 43, LogLevel.Warning, "Upstream {Upstream} (API {Api}, stage {Stage}) fails too often; refusing its requests for {Seconds} s", EventName = "upstream_circuit_open")]
    public static partial void CircuitOpen(ILogger log, string upstream, string api, string stage, double seconds);

    [LoggerMessage(EventIds.Gateway + 44, LogLevel.Information, "Letting a few requests through to upstream {Upstream} (API {Api}, stage {Stage}) to see whether it works again", EventName = "upstream_circuit_half_open")]
    public static partial void CircuitHalfOpen(ILogger log, string upstream, string api, string stage);

    [LoggerMessage(EventIds.Gateway + 46, LogLevel.Warning, "Target {Target} of upstream {Upstream} (API {Api}, stage {Stage}) does not answer checks at {Path} ({Why}); leaving it out", EventName = "upstream_target_down")]
    public static partial void Down(ILogger log, string target, string upstream, string api, string stage, string path, string why);

    [LoggerMessage(EventIds.Gateway + 47, LogLevel.Information, "Target {Target} of upstream {Upstream} (API {Api}, stage {Stage}) answers checks at {Path} again; it may take requests", EventName = "upstream_target_up")]
    public static partial void Up(ILogger log, string target, string upstream, string api, string stage, string path);

    [LoggerMessage(EventIds.Gateway + 45, LogLevel.Information, "Upstream {Upstream} (API {Api}, stage {Stage}) works again; its requests pass", EventName = "upstream_circuit_closed")]
    public static partial void CircuitClosed(ILogger log, string upstream, string api, string stage);
}

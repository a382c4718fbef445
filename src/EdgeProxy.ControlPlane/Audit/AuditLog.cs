using EdgeProxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>What the audit logs about itself.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(EventIds.ControlPlane + 20, LogLevel.Warning, "Management calls cannot be noted down: {Reason} Trying again each second", EventName = "audit_failing")]
    public static partial void Failing(ILogger log, string reason);

    [LoggerMessage(EventIds.ControlPlane + 21, LogLevel.Information, "Management calls are noted down again, after {Failures} failures", EventName = "audit_recovered")]
    public static partial void Recovered(ILogger log, long failures);
}

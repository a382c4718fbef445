namespace EdgeProxy.Telemetry.Logging;

/// <summary>Stable numbers of node log events, in ranges of a thousand per project.</summary>
/// <remarks>
/// <code>
///   1000 EdgeProxy (process)      5000 Gateway          9000 Identity
///   2000 Telemetry                6000 Compiler        10000 Waf
///   3000 Transport                7000 ControlPlane    11000 Lambda
///   4000 Http                     8000 Templates       12000 Console
/// </code>
/// A project keeps the constants of its own range beside its <c>[LoggerMessage]</c> methods; a number is never used again for
/// another event.
/// </remarks>
public static class EventIds
{
    public const int Process = 1000;
    public const int Telemetry = 2000;
    public const int Transport = 3000;
    public const int Http = 4000;
    public const int Gateway = 5000;
    public const int Compiler = 6000;
    public const int ControlPlane = 7000;
    public const int Templates = 8000;
    public const int Identity = 9000;
    public const int Waf = 10000;
    public const int Lambda = 11000;
    public const int Console = 12000;

    internal const int AccessLogWriteFailed = Telemetry + 1;
    internal const int AccessLogReopened = Telemetry + 2;
    internal const int AccessLogReopenFailed = Telemetry + 3;
    internal const int EventsSuppressed = Telemetry + 10;
}

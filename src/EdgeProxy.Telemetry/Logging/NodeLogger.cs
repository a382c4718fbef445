using Microsoft.Extensions.Logging;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>One category's way into the node log.</summary>
internal sealed class NodeLogger(NodeLoggerProvider provider, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= provider.MinimumLevel && logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) provider.Log(category, logLevel, eventId, state, exception, formatter);
    }
}

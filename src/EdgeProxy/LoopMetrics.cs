using System.Globalization;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy;

/// <summary>How busy the loops are, and how late they get to things.</summary>
internal static class LoopMetrics
{
    public static void Register(MetricRegistry metrics, IReadOnlyList<SocketLoop> loops)
    {
        FunctionFamily turns = metrics.CounterFunction("edgeproxy_loop_turns_total", "Turns of each event loop.", "loop");
        FunctionFamily busy = metrics.CounterFunction("edgeproxy_loop_busy_seconds_total", "Time each event loop spent working rather than waiting.", "loop");
        FunctionFamily longest = metrics.GaugeFunction("edgeproxy_loop_lag_seconds", "Longest turn of each event loop since the last scrape: how late it may have been for anything.", "loop");
        FunctionFamily refused = metrics.CounterFunction("edgeproxy_loop_mail_refused_total", "Messages to each event loop that found its mailbox full.", "loop");
        foreach (SocketLoop loop in loops)
        {
            string name = loop.Ordinal.ToString(CultureInfo.InvariantCulture);
            turns.Add(() => loop.Turns, name);
            busy.Add(() => loop.BusyNanoseconds / 1e9, name);
            longest.Add(() => loop.TakeLongestTurn() / 1e9, name);
            refused.Add(() => loop.MailboxRefused, name);
        }
    }
}

using System.Globalization;
using System.Text;
using EdgeProxy.Load.Driving;

namespace EdgeProxy.Load.Reports;

/// <summary>Tells how far a session is: on a terminal lines that are written over, elsewhere a line for each scenario and interval.</summary>
internal sealed class ProgressLines(TextWriter output, bool isTerminal)
{
    private const int BarWidth = 30;

    // What is left of the last interval is too short for a rate.
    private const double Shortest = 0.2;
    private int _lines;

    public void Show(SessionProgress progress)
    {
        if (progress.Latest.All(interval => interval.Seconds < Shortest)) return;
        if (!isTerminal)
        {
            foreach (Interval interval in progress.Latest) output.WriteLine(Describe(progress, interval));
            return;
        }

        StringBuilder text = new();
        if (_lines > 0) text.Append(CultureInfo.InvariantCulture, $"\e[{_lines}A");
        double share = progress.Total > TimeSpan.Zero ? Math.Clamp(progress.Elapsed / progress.Total, 0, 1) : 1;
        int filled = (int)Math.Round(share * BarWidth);
        text.Append(CultureInfo.InvariantCulture, $"\e[2K{progress.Phase,-8} [{new string('=', filled)}{new string(' ', BarWidth - filled)}] {progress.Elapsed.TotalSeconds:0} of {progress.Total.TotalSeconds:0} s\n");
        foreach (Interval interval in progress.Latest) text.Append("\e[2K  ").Append(Describe(interval)).Append('\n');
        _lines = progress.Latest.Count + 1;
        output.Write(text);
        output.Flush();
    }

    private static string Describe(SessionProgress progress, Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.Phase} {progress.Elapsed.TotalSeconds:0.0} s  ") + Describe(interval);

    private static string Describe(Interval interval) => string.Create(
        CultureInfo.InvariantCulture,
        $"{interval.ScenarioName,-18} begun {interval.Begun / interval.Seconds,7:0}/s  ok {interval.Ok / interval.Seconds,7:0}/s  failed {interval.Fail / interval.Seconds,6:0}/s  p50 {Figures.Milliseconds(interval.P50),9}  p99 {Figures.Milliseconds(interval.P99),9}  under way {interval.UnderWay}");
}

using System.Globalization;
using System.Text;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Reports;

/// <summary>A session as text, for the terminal and for a file.</summary>
internal static class TextReport
{
    public static string Write(NodeStats stats)
    {
        StringBuilder text = new();
        foreach (ScenarioStats scenario in stats.ScenarioStats)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{scenario.ScenarioName}: {Figures.Count(scenario.AllRequestCount)} in {scenario.Duration.TotalSeconds:0.0} s");
            Write(text, "ok", scenario.Ok);
            Write(text, "failed", scenario.Fail);
            foreach (StepStats step in scenario.StepStats)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  step {step.StepName}");
                Write(text, "  ok", step.Ok);
                Write(text, "  failed", step.Fail);
            }
        }

        if (stats.Thresholds.Count > 0) text.AppendLine();
        foreach (ThresholdResult threshold in stats.Thresholds)
        {
            text.Append(threshold.IsFailed ? "FAILED  " : "holds   ").Append(threshold.ScenarioName);
            if (threshold.StepName is not null) text.Append(", ").Append(threshold.StepName);
            text.Append(": ").Append(threshold.CheckExpression);
            if (threshold.ErrorCount > 0) text.Append(CultureInfo.InvariantCulture, $" (did not hold {threshold.ErrorCount} times on the way)");
            text.AppendLine();
        }

        if (stats.StopReason is not null) text.AppendLine().Append("Ended early: ").AppendLine(stats.StopReason);
        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, MeasurementStats stats)
    {
        if (stats.Request.Count == 0) return;
        LatencyStats latency = stats.Latency;
        string statuses = string.Join(", ", stats.StatusCodes.Where(status => status.StatusCode.Length > 0).Select(status => $"{status.StatusCode}: {Figures.Count(status.Count)}"));
        text.Append("  ").Append(name.PadRight(10)).Append(Figures.Count(stats.Request.Count)).Append(" (").Append(Figures.Percent(stats.Request.Percent)).Append("), ")
            .Append(Figures.Count(stats.Request.RPS)).Append(" a second, ").Append(Figures.Bytes(stats.DataTransfer.AllBytes))
            .AppendLine(statuses.Length > 0 ? "; " + statuses : "");
        text.Append("  ").Append("".PadRight(name.Length > 8 ? 12 : 10)).Append("p50 ").Append(Figures.Milliseconds(latency.Percent50)).Append(", p75 ").Append(Figures.Milliseconds(latency.Percent75))
            .Append(", p95 ").Append(Figures.Milliseconds(latency.Percent95)).Append(", p99 ").Append(Figures.Milliseconds(latency.Percent99))
            .Append(", p99.9 ").Append(Figures.Milliseconds(latency.Percent999)).Append(", longest ").AppendLine(Figures.Milliseconds(latency.MaxMs));
    }
}

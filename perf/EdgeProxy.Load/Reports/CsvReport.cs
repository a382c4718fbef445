using System.Globalization;
using System.Text;
using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Reports;

/// <summary>A session as comma-separated values (RFC 4180): the sums, and the course.</summary>
internal static class CsvReport
{
    /// <summary>A line for each scenario and step, and each outcome. Times in milliseconds.</summary>
    public static string Sums(NodeStats stats)
    {
        StringBuilder text = new("scenario,step,outcome,count,percent,rps,min_ms,mean_ms,stddev_ms,p50_ms,p75_ms,p95_ms,p99_ms,p99_9_ms,max_ms,bytes,statuses\r\n");
        foreach (ScenarioStats scenario in stats.ScenarioStats)
        {
            Line(text, scenario.ScenarioName, "", "ok", scenario.Ok);
            Line(text, scenario.ScenarioName, "", "fail", scenario.Fail);
            foreach (StepStats step in scenario.StepStats)
            {
                Line(text, scenario.ScenarioName, step.StepName, "ok", step.Ok);
                Line(text, scenario.ScenarioName, step.StepName, "fail", step.Fail);
            }
        }

        return text.ToString();
    }

    /// <summary>A line for each interval and scenario. Times in milliseconds, of what went well.</summary>
    public static string Course(NodeStats stats)
    {
        StringBuilder text = new("at_s,scenario,seconds,begun,ok,fail,under_way,p50_ms,p95_ms,p99_ms,max_ms\r\n");
        foreach (Interval interval in stats.Intervals)
        {
            text.AppendJoin(',',
                Figures.Exact(interval.At), Field(interval.ScenarioName), Figures.Exact(interval.Seconds), Whole(interval.Begun), Whole(interval.Ok), Whole(interval.Fail), Whole(interval.UnderWay),
                Figures.Exact(interval.P50), Figures.Exact(interval.P95), Figures.Exact(interval.P99), Figures.Exact(interval.Max)).Append("\r\n");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string scenario, string step, string outcome, MeasurementStats stats) =>
        text.AppendJoin(',',
            Field(scenario), Field(step), outcome, Whole(stats.Request.Count), Figures.Exact(stats.Request.Percent), Figures.Exact(stats.Request.RPS),
            Figures.Exact(stats.Latency.MinMs), Figures.Exact(stats.Latency.MeanMs), Figures.Exact(stats.Latency.StdDev), Figures.Exact(stats.Latency.Percent50),
            Figures.Exact(stats.Latency.Percent75), Figures.Exact(stats.Latency.Percent95), Figures.Exact(stats.Latency.Percent99), Figures.Exact(stats.Latency.Percent999),
            Figures.Exact(stats.Latency.MaxMs), Whole(stats.DataTransfer.AllBytes),
            Field(string.Join(' ', stats.StatusCodes.Select(status => $"{status.StatusCode}={status.Count}")))).Append("\r\n");

    private static string Whole(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Field(string text)
    {
        // What a spreadsheet would take for a formula is kept from being one.
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@') text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

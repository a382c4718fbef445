using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Reports;

/// <summary>A session as one page that needs nothing else: no script, no font, no picture from elsewhere.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { --page: #f7f8fa; --card: #fff; --text: #1c2330; --soft: #667085; --line: #e3e6ec; --a: #1f6feb; --b: #1a9e5c; --c: #d1433a; --d: #b7791f; --e: #8250df; }
        @media (prefers-color-scheme: dark) { :root { --page: #12161d; --card: #1a2029; --text: #e6e9ef; --soft: #98a2b3; --line: #2c3441; --a: #5b9dff; --b: #4cc38a; --c: #ff6b61; --d: #e0b054; --e: #b392f0; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 24px; max-width: 1340px; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
        h1 { font-size: 24px; margin: 0; } h2 { font-size: 19px; margin: 32px 0 12px; } h3 { font-size: 15px; margin: 20px 0 8px; }
        .soft { color: var(--soft); } .bad { color: var(--c); font-weight: 600; } .good { color: var(--b); font-weight: 600; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
        .card, figure, .table { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; margin: 0; }
        .card b { display: block; font-size: 21px; font-variant-numeric: tabular-nums; } .card span { color: var(--soft); font-size: 13px; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)); gap: 12px; margin-top: 12px; }
        .table { overflow-x: auto; margin-top: 12px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { padding: 6px 12px 6px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
        th { color: var(--soft); font-weight: 500; } tr:last-child td { border-bottom: 0; } th:first-child, td:first-child, td.left, th.left { text-align: left; } td.wrap { white-space: normal; } th.pad, td.pad { padding-left: 24px; }
        code { font: 13px ui-monospace, monospace; }
        figcaption { font-weight: 600; margin-bottom: 6px; } svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 11px; }
        .grid { stroke: var(--line); } polyline { fill: none; stroke-opacity: .9; stroke-width: 1.8; stroke-linejoin: round; }
        polyline.a { stroke: var(--a); } polyline.b { stroke: var(--b); } polyline.c { stroke: var(--c); } polyline.d { stroke: var(--d); } polyline.e { stroke: var(--e); }
        polyline.wide { stroke-width: 6; stroke-opacity: .35; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; color: var(--soft); } .legend span::before { content: ""; display: inline-block; width: 12px; height: 3px; margin-right: 6px; vertical-align: middle; }
        .legend .a::before { background: var(--a); } .legend .b::before { background: var(--b); } .legend .c::before { background: var(--c); } .legend .d::before { background: var(--d); } .legend .e::before { background: var(--e); }
        """;

    /// <param name="stats">What the session came to.</param>
    /// <param name="title">What was run.</param>
    /// <param name="target">Where the load went.</param>
    public static string Write(NodeStats stats, string title, string target)
    {
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append("<title>").Append(Escape(title)).Append("</title><style>\n").Append(Style).Append("\n</style></head><body>\n");
        Head(page, stats, title, target);
        foreach (ScenarioStats scenario in stats.ScenarioStats) Scenario(page, stats, scenario);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Head(StringBuilder page, NodeStats stats, string title, string target)
    {
        page.Append("<h1>").Append(Escape(title)).Append(' ').Append(stats.IsFailed ? "<span class=\"bad\">failed</span>" : "<span class=\"good\">passed</span>").Append("</h1>\n<p class=\"soft\">")
            .Append(CultureInfo.InvariantCulture, $"{stats.StartedAt:yyyy-MM-dd HH:mm:ss} UTC, {stats.Duration.TotalSeconds:0.0} s against {Escape(target)}; ")
            .Append(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {Escape(RuntimeInformation.OSDescription)}, {Escape(RuntimeInformation.FrameworkDescription)}. ")
            .Append("Times count from when a request was due, not from when it was sent.</p>\n");
        if (stats.StopReason is not null) page.Append("<p class=\"bad\">Ended early: ").Append(Escape(stats.StopReason)).Append("</p>\n");
        if (stats.Thresholds.Count == 0) return;
        page.Append("<h2>Expectations</h2><div class=\"table\"><table><tr><th>scenario</th><th class=\"left\">step</th><th class=\"left\">expectation</th><th>did not hold on the way</th><th>at the end</th></tr>\n");
        foreach (ThresholdResult threshold in stats.Thresholds)
        {
            page.Append("<tr><td>").Append(Escape(threshold.ScenarioName)).Append("</td><td class=\"left\">").Append(Escape(threshold.StepName ?? ""))
                .Append("</td><td class=\"left wrap\"><code>").Append(Escape(threshold.CheckExpression)).Append("</code></td><td>").Append(threshold.ErrorCount)
                .Append(threshold.IsFailed ? "</td><td class=\"bad\">failed</td></tr>\n" : "</td><td class=\"good\">holds</td></tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static void Scenario(StringBuilder page, NodeStats stats, ScenarioStats scenario)
    {
        page.Append("<h2>").Append(Escape(scenario.ScenarioName)).Append("</h2>\n<div class=\"cards\">");
        Card(page, "ok", Figures.Count(scenario.Ok.Request.Count));
        Card(page, "ok a second", Figures.Count(scenario.Ok.Request.RPS));
        Card(page, "failed", $"{Figures.Count(scenario.Fail.Request.Count)} ({Figures.Percent(scenario.Fail.Request.Percent)})");
        Card(page, "p50", Figures.Milliseconds(scenario.Ok.Latency.Percent50));
        Card(page, "p99", Figures.Milliseconds(scenario.Ok.Latency.Percent99));
        Card(page, "p99.9", Figures.Milliseconds(scenario.Ok.Latency.Percent999));
        Card(page, "longest", Figures.Milliseconds(scenario.Ok.Latency.MaxMs));
        page.Append("</div>\n<div class=\"charts\">");
        Charts(page, [.. stats.Intervals.Where(interval => interval.ScenarioName == scenario.ScenarioName)], scenario);
        page.Append("</div>\n");

        page.Append("<div class=\"table\"><table><tr><th></th><th>count</th><th>share</th><th>a second</th><th>shortest</th><th>mean</th><th>p50</th><th>p75</th><th>p95</th><th>p99</th><th>p99.9</th><th>longest</th><th>content</th></tr>\n");
        Line(page, "ok", scenario.Ok);
        Line(page, "failed", scenario.Fail);
        foreach (StepStats step in scenario.StepStats)
        {
            Line(page, $"{step.StepName}, ok", step.Ok);
            Line(page, $"{step.StepName}, failed", step.Fail);
        }

        page.Append("</table></div>\n");
        StatusCodeStats[] statuses = [.. scenario.Ok.StatusCodes.Concat(scenario.Fail.StatusCodes)];
        if (statuses.Length == 0) return;
        page.Append("<div class=\"table\"><table><tr><th>status</th><th class=\"left\">counts as</th><th>count</th><th>share</th><th class=\"left pad\">said</th></tr>\n");
        foreach (StatusCodeStats status in statuses)
        {
            page.Append("<tr><td>").Append(Escape(status.StatusCode.Length == 0 ? "none" : status.StatusCode)).Append("</td><td class=\"left\">").Append(status.IsError ? "failed" : "ok").Append("</td><td>").Append(Figures.Count(status.Count))
                .Append("</td><td>").Append(Figures.Percent(status.Percent)).Append("</td><td class=\"left wrap pad\">").Append(Escape(status.Message)).Append("</td></tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static void Charts(StringBuilder page, IReadOnlyList<Interval> course, ScenarioStats scenario)
    {
        // What is left of the last interval, or of one that ended with the load, is too short for a rate.
        Interval[] whole = [.. course.Where(interval => interval.Seconds > 0.2)];
        page.Append(new SvgChart
        {
            Title = "Requests a second",
            YText = Figures.Count,
            Lines = [("begun", "a wide", Points(whole, interval => interval.Begun / interval.Seconds)), ("ok", "b", Points(whole, interval => interval.Ok / interval.Seconds)), ("failed", "c", Points(whole, interval => interval.Fail / interval.Seconds))],
        }.Write());
        Interval[] answered = [.. whole.Where(interval => interval.Ok > 0)];
        page.Append(new SvgChart
        {
            Title = "Time of what went well",
            YText = Figures.Milliseconds,
            IsLogarithmic = true,
            Lines = [("p50", "b", Points(answered, interval => interval.P50)), ("p95", "d", Points(answered, interval => interval.P95)), ("p99", "c", Points(answered, interval => interval.P99)), ("longest", "e", Points(answered, interval => interval.Max))],
        }.Write());
        page.Append(new SvgChart
        {
            Title = "Time by percentile",
            YText = Figures.Milliseconds,
            IsLogarithmic = true,
            XMarks = [.. new[] { 0, 90, 99, 99.9, 99.99, 99.999 }.Select(percent => (Place(percent), "p" + percent.ToString(CultureInfo.InvariantCulture)))],
            Lines = [("ok", "a", [.. scenario.Ok.Latency.Curve.Select(point => (Place(point.Percent), point.Milliseconds))])],
        }.Write());
        page.Append(new SvgChart { Title = "Under way", YText = Figures.Count, Lines = [("under way at the end of each interval", "e", Points(course, interval => interval.UnderWay))] }.Write());
    }

    // Each nine takes the same room.
    private static double Place(double percent) => -Math.Log10(Math.Max(1e-9, 1 - (percent / 100)));

    private static (double X, double Y)[] Points(IReadOnlyList<Interval> course, Func<Interval, double> value) => [.. course.Select(interval => (interval.At, value(interval)))];

    private static void Card(StringBuilder page, string name, string value) => page.Append("<div class=\"card\"><b>").Append(Escape(value)).Append("</b><span>").Append(Escape(name)).Append("</span></div>");

    private static void Line(StringBuilder page, string name, MeasurementStats stats)
    {
        if (stats.Request.Count == 0) return;
        string[] cells =
        [
            Figures.Count(stats.Request.Count), Figures.Percent(stats.Request.Percent), Figures.Count(stats.Request.RPS), Figures.Milliseconds(stats.Latency.MinMs), Figures.Milliseconds(stats.Latency.MeanMs),
            Figures.Milliseconds(stats.Latency.Percent50), Figures.Milliseconds(stats.Latency.Percent75), Figures.Milliseconds(stats.Latency.Percent95), Figures.Milliseconds(stats.Latency.Percent99),
            Figures.Milliseconds(stats.Latency.Percent999), Figures.Milliseconds(stats.Latency.MaxMs), Figures.Bytes(stats.DataTransfer.AllBytes),
        ];
        page.Append("<tr><td>").Append(Escape(name)).Append("</td>");
        foreach (string cell in cells) page.Append("<td>").Append(Escape(cell)).Append("</td>");
        page.Append("</tr>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}

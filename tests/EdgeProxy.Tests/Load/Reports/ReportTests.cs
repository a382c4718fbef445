using System.Text.Json;
using System.Xml.Linq;
using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Reports;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Tests.Load.Reports;

/// <summary>What is written of a session: whole, well-formed, and with nothing of it taken for markup.</summary>
public sealed class ReportTests
{
    private const string Hostile = "<script>alert(\"1\")</script>, & 'more'";

    [Fact]
    public void Html_takes_no_text_for_markup_and_nothing_from_elsewhere()
    {
        string page = HtmlReport.Write(Stats(Hostile), Hostile, "http://127.0.0.1/\"><i>");

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<i>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_shows_charts_expectations_and_the_verdict()
    {
        string page = HtmlReport.Write(Stats("plain"), "plain", "http://127.0.0.1:1");

        Assert.Equal(4, page.Split("<svg").Length - 1);
        Assert.Contains("stats.Fail.Request.Count == 0", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"bad\">failed</span>", page, StringComparison.Ordinal);

        // Each chart is well-formed by itself.
        foreach (string rest in page.Split("<figure>")[1..]) Assert.Equal("figure", XElement.Parse("<figure>" + rest[..(rest.IndexOf("</figure>", StringComparison.Ordinal) + 9)]).Name);
    }

    [Fact]
    public void Csv_quotes_what_holds_commas_and_quotes_and_disarms_formulas()
    {
        string[] lines = CsvReport.Sums(Stats(Hostile)).Split("\r\n");

        Assert.Equal(6, lines.Length); // header, ok, failed, the step's two, nothing behind the last
        Assert.StartsWith("\"<script>alert(\"\"1\"\")</script>, & 'more'\",,ok,9,90,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("'=1+1,", CsvReport.Sums(Stats("=1+1")).Split("\r\n")[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_has_a_line_for_each_interval()
    {
        string[] lines = CsvReport.Course(Stats("plain")).Split("\r\n");

        Assert.Equal("at_s,scenario,seconds,begun,ok,fail,under_way,p50_ms,p95_ms,p99_ms,max_ms", lines[0]);
        Assert.Equal("1,plain,1,10,9,1,0,5,8,9,9", lines[1]);
    }

    [Fact]
    public void Json_holds_all_of_it()
    {
        using JsonDocument json = JsonDocument.Parse(JsonReport.Write(Stats(Hostile)));
        JsonElement scenario = json.RootElement.GetProperty("scenarios")[0];

        Assert.True(json.RootElement.GetProperty("failed").GetBoolean());
        Assert.Equal(Hostile, scenario.GetProperty("name").GetString());
        Assert.Equal(9, scenario.GetProperty("ok").GetProperty("count").GetInt64());
        Assert.Equal(9, scenario.GetProperty("ok").GetProperty("latencyMs").GetProperty("max").GetDouble());
        Assert.Equal("503", scenario.GetProperty("fail").GetProperty("statusCodes")[0].GetProperty("status").GetString());
        Assert.Equal(9, json.RootElement.GetProperty("intervals")[0].GetProperty("ok").GetInt64());
        Assert.True(json.RootElement.GetProperty("thresholds")[0].GetProperty("failed").GetBoolean());
    }

    [Fact]
    public void Text_tells_what_failed()
    {
        string text = TextReport.Write(Stats("plain"));

        Assert.Contains("FAILED  plain: stats => stats.Fail.Request.Count == 0", text, StringComparison.Ordinal);
        Assert.Contains("503: 1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 5, new[] { 0.0, 1 })]
    [InlineData(1, 5, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(7, 5, new[] { 0.0, 2, 4, 6, 8 })]
    [InlineData(2400, 5, new[] { 0.0, 500, 1000, 1500, 2000, 2500 })]
    [InlineData(double.NaN, 5, new[] { 0.0, 1 })]
    public void Axes_have_round_marks(double highest, int most, double[] expected) => Assert.Equal(expected, Figures.Ticks(highest, most));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0123, "12.3 us")]
    [InlineData(12.345, "12.35 ms")]
    [InlineData(12345, "12.35 s")]
    public void Times_have_a_unit(double milliseconds, string expected) => Assert.Equal(expected, Figures.Milliseconds(milliseconds));

    [Fact]
    public void Progress_is_plain_lines_where_there_is_no_terminal()
    {
        using StringWriter plain = new();
        using StringWriter terminal = new();
        SessionProgress progress = new("load", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), Stats("plain").Intervals);
        foreach ((StringWriter writer, bool isTerminal) in new[] { (plain, false), (terminal, true) })
        {
            ProgressLines lines = new(writer, isTerminal);
            lines.Show(progress);
            lines.Show(progress);
        }

        Assert.DoesNotContain('\e', plain.ToString());
        Assert.Equal(2, plain.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\e[2A", terminal.ToString(), StringComparison.Ordinal); // over the two lines written before
        Assert.Contains("[===============               ]", terminal.ToString(), StringComparison.Ordinal);
    }

    private static NodeStats Stats(string name)
    {
        Recorder recorder = new();
        for (int index = 1; index <= 10; index++)
        {
            IResponse response = index == 10 ? Response.Fail("503", Hostile) : Response.Ok("200", sizeBytes: 100);
            recorder.Record(response, index * 1_000_000L);
            recorder.RecordStep("get", response, index * 1_000_000L);
        }

        return new NodeStats
        {
            ScenarioStats = [recorder.ToStats(name, TimeSpan.FromSeconds(1), withCurve: true)],
            Thresholds = [new ThresholdResult(name, null, "stats => stats.Fail.Request.Count == 0", 1, IsFailed: true)],
            Intervals = [new Interval { ScenarioName = name, At = 1, Seconds = 1, Begun = 10, Ok = 9, Fail = 1, P50 = 5, P95 = 8, P99 = 9, Max = 9 }],
            StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Duration = TimeSpan.FromSeconds(1),
        };
    }
}

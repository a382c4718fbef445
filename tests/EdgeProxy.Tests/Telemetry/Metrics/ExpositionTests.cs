using System.Text;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class ExpositionTests
{
    [Theory]
    [InlineData("", ExpositionFormat.Text)]
    [InlineData("*/*", ExpositionFormat.Text)]
    [InlineData("text/plain", ExpositionFormat.Text)]
    [InlineData("text/html, application/json", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text", ExpositionFormat.OpenMetrics)]
    [InlineData("Application/OpenMetrics-Text; Version=1.0.0", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"; charset=utf-8", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;version=0.0.1", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=2.0.0,*/*;q=0.1", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=0", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=0.000,text/plain;q=0", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=0.5,text/plain;q=0.6", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=0.6,text/plain;q=0.5", ExpositionFormat.OpenMetrics)]
    [InlineData("text/plain;q=0.5,application/openmetrics-text;q=0.5", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.5,*/*;q=0.9", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=0.5,*/*;q=0.9,text/*;q=0.1", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.5,text/*;q=0.9,text/plain;q=0.1", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=2", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=abc", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=1.001", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text ; q=1.000 ,text/plain", ExpositionFormat.OpenMetrics)]
    [InlineData(",;=,;;q==,application/openmetrics-text", ExpositionFormat.OpenMetrics)]
    [InlineData( // Prometheus 2.42
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        ExpositionFormat.OpenMetrics)]
    [InlineData( // Prometheus 3
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        ExpositionFormat.OpenMetrics)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3", ExpositionFormat.Text)]
    public void Picks_the_form_a_scraper_prefers(string accept, ExpositionFormat expected)
    {
        Assert.Equal(expected, Exposition.Negotiate(Encoding.ASCII.GetBytes(accept)));
    }

    [Fact]
    public void Takes_any_bytes_for_an_accept_header()
    {
        var random = new Random(1);
        byte[] alphabet = Encoding.ASCII.GetBytes("application/openmetrics-text*,;=\" q01.\t\0").Append((byte)0xFF).ToArray();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] accept = random.GetItems(alphabet, random.Next(60));
            Assert.True(Enum.IsDefined(Exposition.Negotiate(accept)));
        }
    }

    [Fact]
    public void Labels_each_form_with_its_version()
    {
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", Encoding.ASCII.GetString(Exposition.ContentType(ExpositionFormat.Text)));
        Assert.Equal(
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Encoding.ASCII.GetString(Exposition.ContentType(ExpositionFormat.OpenMetrics)));
    }
}

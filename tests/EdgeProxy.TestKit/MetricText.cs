using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.TestKit;

/// <summary>Reads figures as a scrape would see them.</summary>
public static class MetricText
{
    /// <summary>The value of a series, for example <c>edgeproxy_limit_hits_total{limit="limits.body"}</c>; 0 when there is none.</summary>
    public static long Value(MetricRegistry registry, string series)
    {
        foreach (string line in Of(registry).Split('\n'))
        {
            if (line.StartsWith(series + " ", StringComparison.Ordinal)) return long.Parse(line.AsSpan(series.Length + 1), CultureInfo.InvariantCulture);
        }

        return 0;
    }

    /// <summary>All of it.</summary>
    public static string Of(MetricRegistry registry)
    {
        var text = new ArrayBufferWriter<byte>();
        registry.Write(text, ExpositionFormat.Text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}

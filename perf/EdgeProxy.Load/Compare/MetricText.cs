using System.Globalization;

namespace EdgeProxy.Load.Compare;

/// <summary>Reads the Prometheus text format as far as a figure needs it.</summary>
internal static class MetricText
{
    /// <summary>The sum over all samples of a metric; null when it has none.</summary>
    public static double? SumOrNull(string exposition, string metric)
    {
        double? sum = null;
        foreach (ReadOnlySpan<char> line in exposition.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(metric, StringComparison.Ordinal)) continue;
            ReadOnlySpan<char> rest = line[metric.Length..];
            if (rest.StartsWith("{") && rest.LastIndexOf('}') is > 0 and int end) rest = rest[(end + 1)..];
            if (!rest.StartsWith(" ")) continue; // another metric whose name begins alike

            rest = rest.Trim();
            int space = rest.IndexOf(' '); // a time stamp may follow
            if (double.TryParse(space < 0 ? rest : rest[..space], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                sum = (sum ?? 0) + value;
            }
        }

        return sum;
    }
}

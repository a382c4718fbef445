namespace EdgeProxy.Telemetry.Metrics;

/// <summary>The rules for names of metrics and labels (Prometheus data model; OpenMetrics 1.0, ABNF).</summary>
internal static class MetricNames
{
    /// <summary>Throws for a name that a scraper would refuse or misread; names are written in source, so that is a bug.</summary>
    public static void Check(string name, string help, IReadOnlyList<string> labelNames)
    {
        if (!IsName(name)) throw new ArgumentException($"Not a metric name: {name}.", nameof(name));
        if (help.Length == 0) throw new ArgumentException($"{name} has no help.", nameof(help));
        for (int i = 0; i < labelNames.Count; i++)
        {
            string label = labelNames[i];
            if (!IsName(label) || label.StartsWith("__", StringComparison.Ordinal) || label is "le" or "quantile")
            {
                throw new ArgumentException($"Not a label name: {label} of {name}.", nameof(labelNames));
            }

            for (int j = 0; j < i; j++)
            {
                if (labelNames[j] == label) throw new ArgumentException($"{name} has the label {label} twice.", nameof(labelNames));
            }
        }
    }

    // Colons are legal in metric names, but reserved for recording rules.
    private static bool IsName(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return true;
    }
}

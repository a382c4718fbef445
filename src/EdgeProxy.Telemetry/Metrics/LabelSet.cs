namespace EdgeProxy.Telemetry.Metrics;

/// <summary>The label values of one series, in the order of its family's label names.</summary>
internal readonly struct LabelSet : IEquatable<LabelSet>, IComparable<LabelSet>
{
    private readonly string[] _values;

    public LabelSet(string[] values) => _values = values;

    public ReadOnlySpan<string> Values => _values;

    public bool Equals(LabelSet other) => Values.SequenceEqual(other.Values);

    public override bool Equals(object? obj) => obj is LabelSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (string value in _values) hash.Add(value, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    public int CompareTo(LabelSet other)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            int order = string.CompareOrdinal(_values[i], other._values[i]);
            if (order != 0) return order;
        }

        return 0;
    }
}

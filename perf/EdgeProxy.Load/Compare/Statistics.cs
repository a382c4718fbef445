namespace EdgeProxy.Load.Compare;

/// <summary>The few statistics the tables need.</summary>
internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle; NaN of none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return double.NaN;
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Ratios of values taken in the same round: what disturbed the machine then disturbed both.</summary>
    public static IReadOnlyList<double> PairedRatios(IReadOnlyList<double> values, IReadOnlyList<double> references) =>
        [.. values.Zip(references, (value, reference) => value / reference).Where(double.IsFinite)];
}

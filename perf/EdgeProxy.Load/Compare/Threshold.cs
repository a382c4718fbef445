namespace EdgeProxy.Load.Compare;

/// <summary>Limits that a figure is to stay within; lower is better.</summary>
internal readonly record struct Threshold(double Must, double Goal)
{
    /// <summary>Judges a figure; null when there is none.</summary>
    public Verdict? Judge(double figure) =>
        double.IsNaN(figure) ? null
        : figure <= Goal ? Verdict.Goal
        : figure <= Must ? Verdict.Must
        : Verdict.Missed;
}

namespace EdgeProxy.Gateway.Validation;

/// <summary>What one body may cost.</summary>
/// <param name="Depth">Most arrays and objects within each other (<c>validation.depth</c>).</param>
/// <param name="Steps">Most values and names it may have, and most schemas applied to them, each counted once (<c>validation.steps</c>).</param>
internal readonly record struct ValidationLimits(int Depth, int Steps)
{
    /// <summary>Enough for ten megabytes of ordinary JSON, and over in a fraction of a second.</summary>
    public static ValidationLimits Default => new(128, 4_000_000);
}

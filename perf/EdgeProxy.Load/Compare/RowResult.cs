namespace EdgeProxy.Load.Compare;

/// <summary>A line of the table.</summary>
internal sealed record RowResult
{
    /// <summary>What was measured.</summary>
    public required string Figure { get; init; }

    /// <summary>What has to be reached.</summary>
    public string Must { get; init; } = "";

    /// <summary>What is wished for.</summary>
    public string Goal { get; init; } = "";

    /// <summary>The figure of each contender by name.</summary>
    public required IReadOnlyDictionary<string, string> Cells { get; init; }

    /// <summary>The figure that is judged, as text.</summary>
    public string Judged { get; init; } = "";

    /// <summary>Whether it reaches must and goal; null when there was nothing to judge.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>What a reader should know about this line: failures, refusals to start.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

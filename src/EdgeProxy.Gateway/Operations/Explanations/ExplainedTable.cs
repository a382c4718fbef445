namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Like things that a phase looked at or made, a row each.</summary>
/// <param name="Name">What they are, as JSON names it (<c>candidates</c>).</param>
/// <param name="Columns">What is said of each, as JSON names it.</param>
public sealed record ExplainedTable(string Name, IReadOnlyList<string> Columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>A text for each column.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    /// <summary>How many rows there would be beyond these.</summary>
    public int LeftOut { get; internal set; }

    internal void Add(string[] row) => _rows.Add(row);
}

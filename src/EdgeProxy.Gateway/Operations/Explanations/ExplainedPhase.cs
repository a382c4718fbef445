namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>One phase of the walk: what it decided, and why.</summary>
/// <param name="Name">The phase, as <c>src/README.md</c> names it.</param>
/// <param name="Outcome">What it decided.</param>
/// <param name="Fault">Why the request failed in it; null if it did not.</param>
public sealed record ExplainedPhase(string Name, ExplainedOutcome Outcome, string? Fault)
{
    private readonly List<KeyValuePair<string, string>> _facts = [];
    private readonly List<ExplainedTable> _tables = [];

    /// <summary>Single things worth knowing, by their names in JSON.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts => _facts;

    public IReadOnlyList<ExplainedTable> Tables => _tables;

    internal void Add(string name, string value) => _facts.Add(new(name, value));

    internal void Add(ExplainedTable table) => _tables.Add(table);
}

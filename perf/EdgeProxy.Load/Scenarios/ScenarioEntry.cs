namespace EdgeProxy.Load.Scenarios;

/// <summary>A scenario of the book, or several that run together.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Purpose">What it shows, in a line.</param>
/// <param name="Rate">Requests a second where none is asked for.</param>
/// <param name="Create">Makes it.</param>
internal sealed record ScenarioEntry(string Name, string Purpose, int Rate, Func<Node, LoadSettings, IReadOnlyList<ScenarioProps>> Create)
{
    /// <summary>Which path is measured beforehand, for scenarios that load by what the node can do; null for none.</summary>
    public string? CapacityPath { get; init; }

    /// <summary>How many times what the node can do is sent, where no rate is asked for.</summary>
    public double Times { get; init; }
}

namespace EdgeProxy.Load.Scenarios;

/// <summary>All scenarios.</summary>
internal static class ScenarioBook
{
    public static IReadOnlyList<ScenarioEntry> All { get; } =
    [
        new ScenarioEntry("plain", "1 KB through the node", 2000, (node, load) => [PlainScenario.Create(node, load)]),
        new ScenarioEntry("throttled", "four times what a throttle admits: 429 for the rest, and never one too many", 4 * ThrottledScenario.Admitted, (node, load) => [ThrottledScenario.Create(node, load)]),
    ];
}

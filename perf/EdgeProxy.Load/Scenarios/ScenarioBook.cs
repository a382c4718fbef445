namespace EdgeProxy.Load.Scenarios;

/// <summary>All scenarios.</summary>
internal static class ScenarioBook
{
    public static IReadOnlyList<ScenarioEntry> All { get; } =
    [
        new ScenarioEntry("plain", "1 KB through the node", 2000, (node, load) => [PlainScenario.Create(node, load)]),
        new ScenarioEntry("keys", "the same with API keys, a usage plan, its throttle and its quota", 2000, (node, load) => [KeysScenario.Create(node, load)]),
        new ScenarioEntry("cache-hit", "1 KB from the stage's cache", 5000, (node, load) => [CacheHitScenario.Create(node, load)]),
        new ScenarioEntry("cache-miss-storm", "many at once for what is not in the cache yet, each fetching it, and one fetching it for all", 2000, CacheMissStormScenario.Create),
        new ScenarioEntry("throttled", "four times what a throttle admits: 429 for the rest, and never one too many", 4 * ThrottledScenario.Admitted, (node, load) => [ThrottledScenario.Create(node, load)]),
        new ScenarioEntry("overload", "three times what the node can do: shed with 503, and the rest stays quick", 1000, (node, load) => [OverloadScenario.Create(node, load)]) { CapacityPath = OverloadScenario.Path, Times = 3 },
        new ScenarioEntry("mixed", "plain, keys, cache and throttle together", 4000, MixedScenario.Create),
    ];
}

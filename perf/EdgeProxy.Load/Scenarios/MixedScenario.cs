namespace EdgeProxy.Load.Scenarios;

/// <summary>All that users do, at once: half of it plain, a fifth with keys, a quarter cached, and a twentieth against a throttle.</summary>
internal static class MixedScenario
{
    public static IReadOnlyList<ScenarioProps> Create(Node node, LoadSettings load) =>
    [
        PlainScenario.Create(node, Share(load, 0.5)),
        KeysScenario.Create(node, Share(load, 0.2)),
        CacheHitScenario.Create(node, Share(load, 0.25)),
        ThrottledScenario.Create(node, Share(load, 0.05), "/scarce", admitted: 20, burst: 5),
    ];

    private static LoadSettings Share(LoadSettings load, double share) => load with { Rate = Math.Max(1, (int)(load.Rate * share)) };
}

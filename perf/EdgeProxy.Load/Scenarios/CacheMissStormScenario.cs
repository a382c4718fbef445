namespace EdgeProxy.Load.Scenarios;

/// <summary>
/// Many ask at once for what is not in the cache and takes the backend a while: each second another answer is wanted, and everybody who comes before it is there misses it too. On one path
/// each of them fetches it, on the other the first does and the rest wait for what it brings.
/// </summary>
internal static class CacheMissStormScenario
{
    public static IReadOnlyList<ScenarioProps> Create(Node node, LoadSettings load) =>
    [
        Create(node, load with { Rate = Math.Max(1, load.Rate / 2) }, "cache-miss-storm", "/slow"),
        Create(node, load with { Rate = Math.Max(1, load.Rate / 2) }, "one fetch for all", "/coalesced"),
    ];

    private static ScenarioProps Create(Node node, LoadSettings load, string name, string path)
    {
        DateTime begun = DateTime.UtcNow;
        return Scenario.Create(name, async context => await node.Get($"{path}?second={(long)(DateTime.UtcNow - begun).TotalSeconds}"))
            .WithWarmUpDuration(load.WarmUp)
            .WithLoadSimulations(
                Simulation.Inject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration))
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.Request.Count == 0),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= load.MostP99));
    }
}

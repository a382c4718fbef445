namespace EdgeProxy.Load.Scenarios;

/// <summary>
/// Many ask at once for what is not in the cache and takes the backend a while: each second another answer is wanted, and everybody who comes before it is there misses it too.
/// </summary>
internal static class CacheMissStormScenario
{
    public static ScenarioProps Create(Node node, LoadSettings load)
    {
        DateTime begun = DateTime.UtcNow;
        return Scenario.Create("cache-miss-storm", async context => await node.Get($"/slow?second={(long)(DateTime.UtcNow - begun).TotalSeconds}"))
            .WithWarmUpDuration(load.WarmUp)
            .WithLoadSimulations(
                Simulation.Inject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration))
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.Request.Count == 0),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= load.MostP99));
    }
}

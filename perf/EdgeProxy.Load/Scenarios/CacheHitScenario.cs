namespace EdgeProxy.Load.Scenarios;

/// <summary>Answers of 1 KB from the stage's cache: a hundred of them, fetched before the load begins.</summary>
internal static class CacheHitScenario
{
    private const int Entries = 100;

    public static ScenarioProps Create(Node node, LoadSettings load) =>
        Scenario.Create("cache-hit", async context => await node.Get(PathOf(context.Random.Next(Entries))))
            .WithInit(async context =>
            {
                for (int entry = 0; entry < Entries; entry++) await node.Get(PathOf(entry));
            })
            .WithWarmUpDuration(load.WarmUp)
            .WithLoadSimulations(
                Simulation.RampingInject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration * 0.2),
                Simulation.Inject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration * 0.8))
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.Request.Count == 0),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= load.MostP99));

    private static string PathOf(int entry) => $"/cached?entry={entry}";
}

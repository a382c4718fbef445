namespace EdgeProxy.Load.Scenarios;

/// <summary>A proxied request of 1 KB: the rate rises for a fifth of the time and then stays.</summary>
internal static class PlainScenario
{
    public static ScenarioProps Create(Node node, LoadSettings load) =>
        Scenario.Create("plain", async context => await node.Get("/plain"))
            .WithWarmUpDuration(load.WarmUp)
            .WithLoadSimulations(
                Simulation.RampingInject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration * 0.2),
                Simulation.Inject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration * 0.8))
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.Request.Count == 0),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= load.MostP99));
}

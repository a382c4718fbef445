namespace EdgeProxy.Load.Scenarios;

/// <summary>Three times what the node can do: the rest is shed with 503, what is admitted stays quick, and as much is admitted as could be done anyway.</summary>
internal static class OverloadScenario
{
    /// <summary>Answers take the processor some hundred microseconds, so that the node is what is overloaded.</summary>
    public const string Path = "/busy";

    private const double LeastGoodput = 0.9;
    private const double MostTail = 3;

    public static ScenarioProps Create(Node node, LoadSettings load) =>
        Scenario.Create("overload", async context => await node.Get(Path))
            .WithWarmUpDuration(load.WarmUp)
            .WithLoadSimulations(Simulation.Inject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration))
            .WithMaxFailCount(int.MaxValue) // to be shed is what is asked for
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.StatusCodes.All(status => status.StatusCode == "503")),
                Threshold.Create(stats => stats.Ok.Request.RPS >= LeastGoodput * load.Capacity),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= MostTail * load.UnloadedP99),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= load.MostP99));
}

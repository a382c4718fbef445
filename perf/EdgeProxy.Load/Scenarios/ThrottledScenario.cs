namespace EdgeProxy.Load.Scenarios;

/// <summary>Four times what a method's throttle admits, in a number that varies: what is admitted is counted against rate x time + burst, the rest has to be 429.</summary>
internal static class ThrottledScenario
{
    /// <summary>The throttle of the method in <c>perf/scenarios/edgeproxy.yaml</c>.</summary>
    public const int Admitted = 1000;

    public const int Burst = 100;

    // Runs that are due before the end may arrive a little after it.
    private const double Late = 0.2;

    public static ScenarioProps Create(Node node, LoadSettings load) =>
        Scenario.Create("throttled", async context =>
            {
                Response<object> answer = await node.Get("/throttled");
                return answer.StatusCode == "429" ? Response.Ok(statusCode: "429", sizeBytes: answer.SizeBytes) : answer;
            })
            .WithWarmUpDuration(load.WarmUp)
            .WithLoadSimulations(
                Simulation.InjectRandom(minRate: load.Rate * 3 / 4, maxRate: load.Rate * 5 / 4, interval: TimeSpan.FromSeconds(1), during: load.Duration))
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.Request.Count == 0),
                Threshold.Create(stats => stats.Ok.StatusCodes.Exists("200") && stats.Ok.StatusCodes.Get("200").Count <= (Admitted * (stats.Duration.TotalSeconds + Late)) + Burst),
                Threshold.Create(stats => stats.Ok.StatusCodes.Exists("200") && stats.Ok.StatusCodes.Get("200").Count >= Math.Min(0.9 * Admitted * stats.Duration.TotalSeconds, 0.5 * stats.AllRequestCount)),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= load.MostP99));
}

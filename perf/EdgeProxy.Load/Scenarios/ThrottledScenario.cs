namespace EdgeProxy.Load.Scenarios;

/// <summary>Four times what a method's throttle admits, in a number that varies: what is admitted is counted against rate x time + burst, the rest has to be 429.</summary>
internal static class ThrottledScenario
{
    /// <summary>The throttle of <c>/throttled</c> in <c>perf/scenarios/edgeproxy.yaml</c>.</summary>
    public const int Admitted = 1000;

    private const int Burst = 100;

    // Runs that are due before the end may arrive a little after it.
    private const double Late = 0.2;

    public static ScenarioProps Create(Node node, LoadSettings load) => Create(node, load, "/throttled", Admitted, Burst);

    /// <param name="node">The node.</param>
    /// <param name="load">How much.</param>
    /// <param name="path">Of the method.</param>
    /// <param name="admitted">What its throttle admits a second.</param>
    /// <param name="burst">And at once.</param>
    public static ScenarioProps Create(Node node, LoadSettings load, string path, int admitted, int burst) =>
        Scenario.Create("throttled", async context =>
            {
                Response<object> answer = await node.Get(path);
                return answer.StatusCode == "429" ? Response.Ok(statusCode: "429", sizeBytes: answer.SizeBytes) : answer;
            })
            .WithWarmUpDuration(load.WarmUp)
            .WithLoadSimulations(
                Simulation.InjectRandom(minRate: load.Rate * 3 / 4, maxRate: load.Rate * 5 / 4, interval: TimeSpan.FromSeconds(1), during: load.Duration))
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.Request.Count == 0),
                Threshold.Create(stats => stats.Ok.StatusCodes.Exists("200") && stats.Ok.StatusCodes.Get("200").Count <= (admitted * (stats.Duration.TotalSeconds + Late)) + burst),
                Threshold.Create(stats => stats.Ok.StatusCodes.Exists("200") && stats.Ok.StatusCodes.Get("200").Count >= Math.Min(0.9 * admitted * stats.Duration.TotalSeconds, 0.5 * stats.AllRequestCount)),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= load.MostP99));
}

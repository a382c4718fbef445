namespace EdgeProxy.Load.Scenarios;

/// <summary>A proxied request of 1 KB with an API key, counted against the throttle and the quota of its usage plan; one in ten has a key that nobody was given.</summary>
internal static class KeysScenario
{
    /// <summary>The keys of <c>perf/scenarios/edgeproxy.yaml</c>.</summary>
    private static readonly string[] Known = ["load-scenario-key-0001", "load-scenario-key-0002", "load-scenario-key-0003"];

    public static ScenarioProps Create(Node node, LoadSettings load) =>
        Scenario.Create("keys", async context =>
            {
                if (context.InvocationNumber % 10 != 0) return await Step.Run("known key", context, () => node.Get("/keyed", "x-api-key: " + Known[context.Random.Next(Known.Length)]));

                Response<object> refused = await Step.Run("unknown key", context, async () =>
                {
                    Response<object> answer = await node.Get("/keyed", "x-api-key: load-scenario-key-none");
                    return answer.StatusCode == "403" ? Response.Ok(statusCode: "403", sizeBytes: answer.SizeBytes) : Response.Fail(answer.StatusCode, "was not refused");
                });
                return refused;
            })
            .WithWarmUpDuration(load.WarmUp)
            .WithLoadSimulations(
                Simulation.RampingInject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration * 0.2),
                Simulation.Inject(rate: load.Rate, interval: TimeSpan.FromSeconds(1), during: load.Duration * 0.8))
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.Request.Count == 0),
                Threshold.Create("known key", step => step.Ok.StatusCodes.Exists("200")),
                Threshold.Create(stats => stats.Ok.Latency.Percent99 <= load.MostP99));
}

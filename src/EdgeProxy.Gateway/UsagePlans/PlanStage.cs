namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>A usage plan at one API stage that it lists.</summary>
/// <param name="plan">The plan.</param>
/// <param name="main">What it says of single methods, by route ordinal of the stage's deployment; null for nothing.</param>
/// <param name="canary">The same for the canary's.</param>
internal sealed class PlanStage(UsagePlan plan, PlanMethodLimit?[]? main, PlanMethodLimit?[]? canary)
{
    public UsagePlan Plan { get; } = plan;

    /// <summary>The limit of each key on the method that a request calls; null for none.</summary>
    public PlanMethodLimit? MethodLimitOrNull(RequestContext request) => (request.IsCanary ? canary : main)?[request.Route!.Ordinal];
}

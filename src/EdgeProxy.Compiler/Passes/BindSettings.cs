using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Compiler.Passes;

/// <summary>A stage's method settings to the settings of each route (rest-api.md 8, 9.3). What is said of one method takes the place of all that is said of <c>*/*</c>.</summary>
internal static class BindSettings
{
    private const string Any = "*";

    /// <summary>The settings by ordinal, or null when the stage has none and the defaults hold for all.</summary>
    public static RouteSettings[]? Run(StageDefinition stage, DeploymentPlan deployment, RouteSettings defaults, ProblemList problems)
    {
        if (stage.MethodSettings.Count == 0) return null;
        RouteSettings forAll = defaults;
        var own = new Dictionary<(string Path, string Verb), MethodSettingsDefinition>();
        foreach (MethodSettingsDefinition settings in stage.MethodSettings)
        {
            if (settings is { ResourcePath: Any, Verb: Any }) forAll = SettingsOf(settings, defaults, ThrottleScope.Stage);
            else own[(settings.ResourcePath, settings.Verb)] = settings;
        }

        var bound = new RouteSettings[deployment.Routes.Length];
        foreach (RoutePlan route in deployment.Routes)
        {
            bound[route.Ordinal] = own.Remove((route.ResourcePath.ToString(), route.Method.ToString()), out MethodSettingsDefinition? settings)
                ? SettingsOf(settings, defaults, ThrottleScope.Method)
                : forAll;
        }

        foreach (MethodSettingsDefinition unused in own.Values)
        {
            problems.Warning(ProblemCode.NoEffect, unused.Origin ?? stage.Origin, $"Stage {stage.Name} has settings for {unused.Verb} {unused.ResourcePath}, and the API no such method. Name it as the document does, or remove them.");
        }

        return bound;
    }

    private static RouteSettings SettingsOf(MethodSettingsDefinition settings, RouteSettings defaults, ThrottleScope scope) => new()
    {
        DetailedMetrics = defaults.DetailedMetrics || settings.MetricsEnabled,
        Throttle = Rate.From(settings.ThrottlingRateLimit, settings.ThrottlingBurstLimit),
        ThrottleScope = scope,
    };
}

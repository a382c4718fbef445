using EdgeProxy.Compiler.Problems;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Compiler.Passes;

/// <summary>A stage's method settings to the settings of each route (rest-api.md 8, 9.3). What is said of one method takes the place of all that is said of <c>*/*</c>.</summary>
internal static class BindSettings
{
    private const string Any = "*";
    private const int DefaultTtl = 300;
    private const int LongestTtl = 3600;

    /// <summary>The settings by ordinal, or null when the stage has none and the defaults hold for all.</summary>
    public static RouteSettings[]? Run(StageDefinition stage, DeploymentPlan deployment, RouteSettings defaults, ProblemList problems)
    {
        if (stage.MethodSettings.Count == 0 && !stage.CacheClusterEnabled) return null;
        MethodSettingsDefinition? all = null;
        var own = new Dictionary<(string Path, string Verb), MethodSettingsDefinition>();
        foreach (MethodSettingsDefinition settings in stage.MethodSettings)
        {
            if (settings is { ResourcePath: Any, Verb: Any }) all = settings;
            else own[(settings.ResourcePath, settings.Verb)] = settings;
        }

        // Of two kinds, because caching is for GET where nothing else is said.
        RouteSettings forAll = all is null ? defaults : SettingsOf(all, defaults, ThrottleScope.Stage, null);
        RouteSettings forGet = !stage.CacheClusterEnabled ? forAll : SettingsOf(all, defaults, ThrottleScope.Stage, CacheOf(stage, all, all?.CachingEnabled ?? true));
        var bound = new RouteSettings[deployment.Routes.Length];
        foreach (RoutePlan route in deployment.Routes)
        {
            bool isGet = route.Method.Span.SequenceEqual("GET"u8);
            bound[route.Ordinal] = own.Remove((route.ResourcePath.ToString(), route.Method.ToString()), out MethodSettingsDefinition? settings)
                ? SettingsOf(settings, defaults, ScopeOf(settings, forAll), CacheOf(stage, settings, settings.CachingEnabled ?? (isGet && (all?.CachingEnabled ?? true))))
                : isGet ? forGet : forAll;
        }

        foreach (MethodSettingsDefinition unused in own.Values)
        {
            problems.Warning(ProblemCode.NoEffect, unused.Origin ?? stage.Origin, $"Stage {stage.Name} has settings for {unused.Verb} {unused.ResourcePath}, and the API no such method. Name it as the document does, or remove them.");
        }

        return bound;
    }

    // The same figures as the stage's are the stage's.
    private static ThrottleScope ScopeOf(MethodSettingsDefinition settings, RouteSettings forAll) =>
        Rate.From(settings.ThrottlingRateLimit, settings.ThrottlingBurstLimit) == forAll.Throttle ? ThrottleScope.Stage : ThrottleScope.Method;

    private static RouteSettings SettingsOf(MethodSettingsDefinition? settings, RouteSettings defaults, ThrottleScope scope, RouteCacheSettings? cache) => new()
    {
        DetailedMetrics = defaults.DetailedMetrics || settings is { MetricsEnabled: true },
        Throttle = settings is null ? defaults.Throttle : Rate.From(settings.ThrottlingRateLimit, settings.ThrottlingBurstLimit),
        ThrottleScope = scope,
        Cache = cache,
        Concurrency = settings?.Concurrency is { } cap ? new ConcurrencyCap(cap.Max ?? AdaptiveCap.First, cap.Queue, cap.WaitNanoseconds) : default,
        HasAdaptiveConcurrency = settings?.Concurrency is { Max: null },
    };

    private static RouteCacheSettings? CacheOf(StageDefinition stage, MethodSettingsDefinition? settings, bool isEnabled)
    {
        int seconds = Math.Clamp(settings?.CacheTtlInSeconds ?? DefaultTtl, 0, LongestTtl);
        if (!stage.CacheClusterEnabled || !isEnabled || seconds == 0) return null;
        return new RouteCacheSettings(seconds * 1_000_000_000L)
        {
            RequiresAuthorization = settings?.RequireAuthorizationForCacheControl ?? true,
            Unauthorized = settings?.UnauthorizedCacheControlHeaderStrategy switch
            {
                UnauthorizedCacheControlStrategy.FailWith403 => UnauthorizedCacheControl.Refuse,
                UnauthorizedCacheControlStrategy.SucceedWithoutResponseHeader => UnauthorizedCacheControl.Ignore,
                _ => UnauthorizedCacheControl.Warn,
            },
            StatusHeader = stage.CacheStatusHeader ?? "",
        };
    }
}

using System.Globalization;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.Files;

/// <summary>Writes a stage's settings as an item of <c>apis</c> has them.</summary>
internal static class StageWriter
{
    // What no request ever reaches stands for no limit beside one that there is.
    private const double AnyRate = 1_000_000_000;

    /// <param name="entry">Gets them.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="note">Gets what settings cannot say.</param>
    public static void Write(WireValue entry, StageDefinition stage, Action<string> note)
    {
        if (stage.AccessLogFormat is not null) note("The access log format");
        if (stage.TracingEnabled) note("Tracing");
        if (stage.ClientCertificateId is { } certificate) note($"The client certificate {certificate}");
        MethodSettingsDefinition? all = null;
        foreach (MethodSettingsDefinition settings in stage.MethodSettings)
        {
            if (settings is { ResourcePath: "*", Verb: "*" }) all = settings;
            if (settings.LoggingLevel is not (null or "OFF") || settings.DataTraceEnabled) note($"The logging level of {settings.ResourcePath}/{settings.Verb}");
        }

        if (Throttle(all) is { } throttle) entry["throttle"] = throttle;
        if (stage.CacheClusterEnabled) entry["cache"] = Cache(all);
        WireValue methods = WireValue.NewObject();
        foreach (MethodSettingsDefinition settings in stage.MethodSettings)
        {
            if (ReferenceEquals(settings, all)) continue;
            if (settings.ResourcePath == "*" || settings.Verb == "*")
            {
                note($"The settings of {settings.ResourcePath}/{settings.Verb}");
                continue;
            }

            // They take the place of those of all methods, so what they leave open is said as well.
            WireValue method = WireValue.NewObject();
            method["throttle"] = Throttle(settings) ?? WireValue.Of("none");
            if (stage.CacheClusterEnabled) method["cache"] = Cache(settings);
            methods[settings.ResourcePath == "/" ? "/" + settings.Verb : $"{settings.ResourcePath}/{settings.Verb}"] = method;
        }

        if (methods.Members.Count > 0) entry["methods"] = methods;
        if (stage.Variables.Count > 0) entry["stageVariables"] = Variables(stage.Variables);
        if (stage.Canary is not { } canary) return;
        WireValue written = WireValue.NewObject().Set("percent", WireValue.Of(canary.PercentTraffic)).Set("useStageCache", canary.UseStageCache);
        if (canary.StageVariableOverrides.Count > 0) written["stageVariables"] = Variables(canary.StageVariableOverrides);
        entry["canary"] = written;
    }

    /// <summary>A throttle as settings have it; null for none.</summary>
    public static WireValue? Throttle(double? rate, long? burst) => rate is null && burst is null ? null : WireValue.NewObject()
        .Set("rate", WireValue.Parse(System.Text.Encoding.ASCII.GetBytes(Math.Clamp(rate ?? AnyRate, 0, AnyRate).ToString("0.###############", CultureInfo.InvariantCulture))))
        .Set("burst", Math.Clamp(burst ?? int.MaxValue, 0, int.MaxValue));

    private static WireValue? Throttle(MethodSettingsDefinition? settings) => Throttle(settings?.ThrottlingRateLimit, settings?.ThrottlingBurstLimit);

    private static WireValue Cache(MethodSettingsDefinition? settings) => WireValue.NewObject()
        .Set("enabled", settings?.CachingEnabled ?? true)
        .Set("ttl", string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(settings?.CacheTtlInSeconds ?? 300, 0, 3600)}s"))
        .Set("requireAuthorizationForCacheControl", settings?.RequireAuthorizationForCacheControl ?? true)
        .Set("unauthorizedCacheControlHeaderStrategy", settings?.UnauthorizedCacheControlHeaderStrategy switch
        {
            UnauthorizedCacheControlStrategy.FailWith403 => "FAIL_WITH_403",
            UnauthorizedCacheControlStrategy.SucceedWithoutResponseHeader => "SUCCEED_WITHOUT_RESPONSE_HEADER",
            _ => "SUCCEED_WITH_RESPONSE_HEADER",
        });

    /// <summary>Adds a variable of a stage.</summary>
    /// <remarks>Settings replace <c>${NAME}</c> from the environment; <c>$${</c> is how they are told not to.</remarks>
    public static void AddVariable(WireValue map, string name, string value) => map.Set(name, value.Replace("${", "$${", StringComparison.Ordinal));

    private static WireValue Variables(IReadOnlyDictionary<string, string> variables)
    {
        WireValue map = WireValue.NewObject();
        foreach ((string name, string value) in variables) AddVariable(map, name, value);
        return map;
    }
}

using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>A stage's record to what may change without deploying again (control-plane.md 3.1, 3.2, 3.3).</summary>
public static class ReadStage
{
    /// <summary>What the service gives an account, and so every method settings object that is made for something else than throttling.</summary>
    public const double AccountRate = 10_000;

    /// <summary>Likewise, requests at once.</summary>
    public const int AccountBurst = 5000;

    /// <param name="stage">The record, in its wire form.</param>
    public static StageDefinition Run(WireValue stage)
    {
        var methods = new List<MethodSettingsDefinition>();
        foreach ((string key, WireValue settings) in stage.MembersOf("methodSettings")) methods.Add(SettingsOf(key, settings));
        return new StageDefinition
        {
            Name = stage.TextOf("stageName") ?? "",
            Description = stage.TextOf("description"),
            Variables = MapOf(stage, "variables"),
            Canary = stage["canarySettings"] is { IsObject: true } canary
                ? new CanaryDefinition { PercentTraffic = Math.Clamp(canary.DoubleOf("percentTraffic") ?? 0, 0, 100), StageVariableOverrides = MapOf(canary, "stageVariableOverrides"), UseStageCache = canary.IsTrueOf("useStageCache") }
                : null,
            MethodSettings = methods,
            CacheClusterEnabled = stage.IsTrueOf("cacheClusterEnabled"),
            AccessLogFormat = stage["accessLogSettings"]?.TextOf("format"),
            ClientCertificateId = stage.TextOf("clientCertificateId") is { Length: > 0 } id ? id : null,
            TracingEnabled = stage.IsTrueOf("tracingEnabled"),
        };
    }

    private static MethodSettingsDefinition SettingsOf(string key, WireValue settings)
    {
        // The path without its first slash, possibly as clients escape it in patches: ~1pets~1{id}/GET.
        int slash = key.LastIndexOf('/');
        string path = slash < 0 ? key : key[..slash].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        double? rate = Given(settings.DoubleOf("throttlingRateLimit"));
        long? burst = settings.NumberOf("throttlingBurstLimit") is { } number and >= 0 ? number : null;

        // The account's own figures mean the account's throttle, which a node has only by limits.accountThrottle (decision 0047).
        bool isAccount = rate == AccountRate && burst == AccountBurst;
        return new MethodSettingsDefinition
        {
            ResourcePath = path == "*" ? "*" : "/" + path.TrimStart('/'),
            Verb = slash < 0 ? "*" : key[(slash + 1)..],
            ThrottlingRateLimit = isAccount ? null : rate,
            ThrottlingBurstLimit = isAccount || burst is null ? null : (int)Math.Min(burst.Value, int.MaxValue),
            CachingEnabled = settings["cachingEnabled"] is { Kind: WireKind.Boolean } caching ? caching.IsTrue : null,
            CacheTtlInSeconds = settings.NumberOf("cacheTtlInSeconds") is { } seconds ? (int)Math.Clamp(seconds, 0, int.MaxValue) : null,
            RequireAuthorizationForCacheControl = settings["requireAuthorizationForCacheControl"] is not { Kind: WireKind.Boolean, IsTrue: false },
            UnauthorizedCacheControlHeaderStrategy = settings.TextOf("unauthorizedCacheControlHeaderStrategy") switch
            {
                "FAIL_WITH_403" => UnauthorizedCacheControlStrategy.FailWith403,
                "SUCCEED_WITHOUT_RESPONSE_HEADER" => UnauthorizedCacheControlStrategy.SucceedWithoutResponseHeader,
                _ => UnauthorizedCacheControlStrategy.SucceedWithResponseHeader,
            },
            LoggingLevel = settings.TextOf("loggingLevel"),
            DataTraceEnabled = settings.IsTrueOf("dataTraceEnabled"),
            MetricsEnabled = settings.IsTrueOf("metricsEnabled"),
        };
    }

    private static double? Given(double? number) => number is >= 0 ? number : null;

    private static Dictionary<string, string> MapOf(WireValue value, string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, WireValue text) in value.MembersOf(name)) map[key] = text.Text;
        return map;
    }
}

using System.Buffers;
using System.Globalization;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>What stages of HTTP and WebSocket APIs may hold (control-plane.md 2.4, 3.4; http-api.md 14; websocket-api.md 10.5).</summary>
internal static class StageRules
{
    private const int LongestName = 128;
    private const int LongestVariable = 64;
    private const int LongestValue = 512;

    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
    private static readonly SearchValues<char> s_variableCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    private static readonly SearchValues<char> s_valueCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#&=,");

    public static bool IsName(string name, bool isHttp) =>
        name.Length is > 0 and <= LongestName && ((isHttp && name == "$default") || name.AsSpan().IndexOfAnyExcept(s_nameCharacters) < 0);

    /// <summary>Says that no route has a key.</summary>
    public static Reply UnknownRoute(string key) => Reply.NotFound($"Unable to find Route by key {key} within the provided RouteSettings", "Route");

    /// <summary>Completes settings of routes with what they are when nobody says otherwise.</summary>
    public static WireValue WithDefaults(WireValue settings, bool isHttp)
    {
        if (settings["detailedMetricsEnabled"] is null) settings.Set("detailedMetricsEnabled", false);
        if (isHttp)
        {
            // What tools send for both protocols: there are no execution logs.
            settings["dataTraceEnabled"] = null;
            settings["loggingLevel"] = null;
            return settings;
        }

        if (settings["dataTraceEnabled"] is null) settings.Set("dataTraceEnabled", false);
        if (settings["loggingLevel"] is null) settings.Set("loggingLevel", "OFF");
        return settings;
    }

    /// <summary>Checks a stage whole, and completes its settings; null when nothing is wrong.</summary>
    public static Reply? Fault(Call call, ApiPlace api, WireValue stage) =>
        FaultOfDeployment(call, api, stage) ?? FaultOfSettings(call, api, stage) ?? FaultOfVariables(stage, call.Options.Limits.StageVariables)
        ?? FaultOfLog(stage["accessLogSettings"]) ?? FaultOfCertificate(call, api, stage);

    private static Reply? FaultOfDeployment(Call call, ApiPlace api, WireValue stage)
    {
        if (call.Body.TextOf("deploymentId") is not { } deployment) return null;
        if (stage.IsTrueOf("autoDeploy")) return Reply.BadRequest("Deployment ID cannot be set on a stage that has auto-deploy enabled");
        return deployment.Length > 0 && call.Book.Find(api.Scope, Kinds.Deployment, deployment) is null ? DeploymentOperations.Kind.Unknown(deployment) : null;
    }

    private static Reply? FaultOfSettings(Call call, ApiPlace api, WireValue stage)
    {
        if (FaultOfSettings(stage.ObjectAt("defaultRouteSettings"), api.IsHttp) is { } wrong) return wrong;
        foreach ((string key, WireValue settings) in stage.MembersOf("routeSettings"))
        {
            // Of those that were there before, the route may have gone since.
            bool isNew = call.Body["routeSettings"]?[key] is not null;
            if (isNew && RouteOperations.Kind.WithText(call.Book, api, "routeKey", key) is null) return UnknownRoute(key);
            if (FaultOfSettings(settings, api.IsHttp) is { } fault) return fault;
        }

        return null;
    }

    private static Reply? FaultOfSettings(WireValue settings, bool isHttp)
    {
        if (isHttp && (settings.IsTrueOf("dataTraceEnabled") || settings.TextOf("loggingLevel") is not (null or "OFF")))
        {
            return Reply.BadRequest("Execution logs are not supported on protocolType HTTP");
        }

        if (settings["throttlingBurstLimit"] is not null && settings.NumberOf("throttlingBurstLimit") is not (>= 0 and <= int.MaxValue)) return Reply.BadRequest("Invalid throttlingBurstLimit specified");
        if (settings["throttlingRateLimit"] is not null && settings.DoubleOf("throttlingRateLimit") is not (>= 0 and <= 1e9)) return Reply.BadRequest("Invalid throttlingRateLimit specified");
        WithDefaults(settings, isHttp);
        return null;
    }

    private static Reply? FaultOfVariables(WireValue stage, int most)
    {
        IReadOnlyList<KeyValuePair<string, WireValue>> variables = stage.MembersOf("stageVariables");
        if (variables.Count > most) return Reply.TooLarge(LimitNames.StageVariables, string.Create(CultureInfo.InvariantCulture, $"Invalid stageVariables specified, can be at most {most}."));
        foreach ((string name, WireValue value) in variables)
        {
            if (name.Length > LongestVariable || name.AsSpan().IndexOfAnyExcept(s_variableCharacters) >= 0)
            {
                return Reply.BadRequest("Stage variable name only allows a-zA-Z0-9_, at most 64 characters.");
            }

            if (value.Text.Length > LongestValue || value.Text.AsSpan().IndexOfAnyExcept(s_valueCharacters) >= 0)
            {
                return Reply.BadRequest("Stage variable value only allows a-zA-Z0-9-._~:/?#&=, at most 512 characters.");
            }
        }

        return null;
    }

    private static Reply? FaultOfLog(WireValue? log)
    {
        if (log is null) return null;
        if (string.IsNullOrEmpty(log.TextOf("destinationArn")) || string.IsNullOrEmpty(log.TextOf("format"))) return Reply.BadRequest("Access Log value must not be empty");
        return log.TextOf("format")!.AsSpan().IndexOfAny('\r', '\n') < 0 ? null : Reply.BadRequest("Access Log format must be a single line");
    }

    private static Reply? FaultOfCertificate(Call call, ApiPlace api, WireValue stage)
    {
        if (stage.TextOf("clientCertificateId") is not { } certificate) return null;
        if (api.IsHttp) return ApiOperations.OnlyFor("clientCertificateId", "WEBSOCKET");
        return call.Book.Find(Scopes.Account, Kinds.ClientCertificate, certificate) is null
            ? Reply.NotFound($"Invalid Client Certificate identifier specified {certificate}", "ClientCertificate")
            : null;
    }
}

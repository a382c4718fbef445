using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What stages and their deployments are held to, whoever makes or changes them (control-plane.md 3.1-3.4, 9).</summary>
internal static class StageRules
{
    public const int MostName = 128;
    private const int MostVariableName = 64;
    private const int MostVariableValue = 512;

    /// <summary>The size of a cache that is switched on without one.</summary>
    private const string DefaultCacheSize = "0.5";

    public static Reply UnknownDeployment { get; } = Reply.BadRequest("Deployment id does not exist");

    /// <summary>Whether the API in the path is there; else what is answered.</summary>
    public static Reply? FindApi(Call call, out string scope)
    {
        string api = call.Path("restapi_id");
        scope = Scopes.RestApi(api);
        return call.Book.Find(scope, Kinds.RestApi, api) is null ? Reply.NotFound($"Invalid API identifier specified {call.Options.AccountId}:{api}") : null;
    }

    /// <summary>The stage in the path; else what is answered.</summary>
    public static Reply? FindStage(Call call, out string scope, out Record stage)
    {
        stage = null!;
        if (FindApi(call, out scope) is { } unknown) return unknown;
        if (call.Book.Find(scope, Kinds.Stage, call.Path("stage_name")) is not { } found) return Reply.NotFound("Invalid stage identifier specified");
        stage = found;
        return null;
    }

    /// <summary>A stage without settings; <c>tags</c> is there from the start, because every answer but the first shows it.</summary>
    /// <param name="call">Dates it and bounds how many there may be.</param>
    /// <param name="scope">The API's.</param>
    /// <param name="name">Its name.</param>
    /// <param name="deployment">Which deployment it serves.</param>
    /// <param name="stage">The stage.</param>
    /// <returns>A fault; null when it may be made.</returns>
    public static Reply? TryMake(Call call, string scope, string name, string deployment, out WireValue stage)
    {
        stage = WireValue.NewObject()
            .Set("deploymentId", deployment)
            .Set("stageName", name)
            .Set("cacheClusterEnabled", false)
            .Set("cacheClusterStatus", "NOT_AVAILABLE")
            .Set("methodSettings", WireValue.NewObject())
            .Set("tracingEnabled", false)
            .Set("tags", WireValue.NewObject())
            .Set("createdDate", call.NowSeconds)
            .Set("lastUpdatedDate", call.NowSeconds);
        if (name.Length is 0 or > MostName) return Reply.BadRequest($"Stage name must have between 1 and {MostName} characters");
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return Reply.BadRequest("Stage name only allows a-zA-Z0-9_-");
        }

        int most = call.Options.Limits.StagesPerApi;
        return call.Book.All(scope, Kinds.Stage).Count >= most ? Reply.LimitExceeded(LimitNames.Stages, $"Maximum number of stages for this API has been reached. Please contact the operator if you need additional stages. The limit is {most}") : null;
    }

    /// <summary>Lays variables over those that a stage, or a canary, has.</summary>
    /// <param name="call">Bounds how many there may be.</param>
    /// <param name="holder">The stage or canary.</param>
    /// <param name="member">Which of its members are variables.</param>
    /// <param name="variables">Name to value.</param>
    public static Reply? AddVariables(Call call, WireValue holder, string member, IReadOnlyList<KeyValuePair<string, WireValue>> variables)
    {
        if (variables.Count == 0) return null;
        WireValue map = holder.ObjectAt(member);
        foreach ((string name, WireValue value) in variables)
        {
            if (SetVariable(call, map, name, value.Text) is { } wrong) return wrong;
        }

        return null;
    }

    /// <summary>Sets one variable, where it and its number allow it.</summary>
    public static Reply? SetVariable(Call call, WireValue map, string name, string value)
    {
        if (name.Length is 0 or > MostVariableName || !IsMadeOf(name, "_"))
        {
            return Reply.BadRequest($"Invalid stage variable name: {Shortened(name)}. Please use at most {MostVariableName} alphanumeric characters and underscores.");
        }

        if (value.Length > MostVariableValue || !IsMadeOf(value, "-._~:/?#&=,"))
        {
            return Reply.BadRequest($"Invalid stage variable value of key {name}.  Please use at most {MostVariableValue} alphanumeric characters and the symbols '-', '.', '_', '~', ':', '/', '?', '#', '&', '=', and ','.");
        }

        if (map[name] is null && map.Members.Count >= call.Options.Limits.StageVariables)
        {
            return Reply.LimitExceeded(LimitNames.StageVariables, $"Maximum number of stage variables for this stage has been reached. The limit is {call.Options.Limits.StageVariables}");
        }

        map[name] = WireValue.Of(value);
        return null;
    }

    /// <summary>Takes over what a request says of a canary, and fills in the rest.</summary>
    /// <param name="call">The request.</param>
    /// <param name="scope">The API's.</param>
    /// <param name="stage">The stage that gets it.</param>
    /// <param name="given">What the request says.</param>
    /// <param name="deployment">What the canary serves when the request does not say.</param>
    public static Reply? SetCanary(Call call, string scope, WireValue stage, WireValue given, string deployment)
    {
        WireValue canary = CanaryOf(stage);
        if (given.DoubleOf("percentTraffic") is { } percent && SetPercent(canary, percent) is { } wrong) return wrong;
        string id = given.TextOf("deploymentId") ?? deployment;
        if (call.Book.Find(scope, Kinds.Deployment, id) is null) return UnknownDeployment;
        canary.Set("deploymentId", id).Take(given, "useStageCache");
        return AddVariables(call, canary, "stageVariableOverrides", given.MembersOf("stageVariableOverrides"));
    }

    /// <summary>The canary of a stage; when it has none, one without traffic that serves what the stage serves.</summary>
    public static WireValue CanaryOf(WireValue stage)
    {
        if (stage["canarySettings"] is { IsObject: true } found) return found;
        WireValue canary = WireValue.NewObject().Set("percentTraffic", WireValue.Of(0.0)).Set("deploymentId", stage.TextOf("deploymentId")).Set("useStageCache", false);
        stage["canarySettings"] = canary;
        return canary;
    }

    public static Reply? SetPercent(WireValue canary, double percent)
    {
        // Written so that no number refuses too.
        if (!(percent >= 0 && percent <= 100)) return Reply.BadRequest("Invalid percentTraffic specified. Must be between 0.0 and 100.0");
        canary["percentTraffic"] = WireValue.Of(percent);
        return null;
    }

    /// <summary>What a stage says of its cache, after a change: it is there at once.</summary>
    public static void SettleCache(WireValue stage)
    {
        bool isEnabled = stage.IsTrueOf("cacheClusterEnabled");
        stage.Set("cacheClusterStatus", isEnabled ? "AVAILABLE" : "NOT_AVAILABLE");
        if (isEnabled && stage.TextOf("cacheClusterSize") is null) stage.Set("cacheClusterSize", DefaultCacheSize);
    }

    /// <summary>Whether the API has such a documentation version.</summary>
    public static Reply? CheckDocumentation(Call call, string scope, string? version) =>
        version is not null && call.Book.Find(scope, Kinds.DocumentationVersion, version) is null ? Reply.NotFound("Invalid Documentation version specified") : null;

    /// <summary>Whether there is such a client certificate.</summary>
    public static Reply? CheckCertificate(Call call, string? id) =>
        id is not null && call.Book.Find(Scopes.Account, Kinds.ClientCertificate, id) is null ? Reply.NotFound("Invalid Client Certificate identifier specified") : null;

    public static Reply? CheckCacheSize(string size)
    {
        string[] sizes = ShapeTable.Enumeration("CacheClusterSize");
        return Array.IndexOf(sizes, size) >= 0 ? null : Reply.BadRequest($"Invalid cacheClusterSize specified. Must be one of: [{string.Join(", ", sizes)}]");
    }

    public static string Shortened(string text) => text.Length <= 100 ? text : text[..100];

    private static bool IsMadeOf(string text, string symbols)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !symbols.Contains(c, StringComparison.Ordinal)) return false;
        }

        return true;
    }
}

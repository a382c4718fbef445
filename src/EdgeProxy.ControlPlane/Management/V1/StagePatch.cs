using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Applies UpdateStage's operations to a stage (control-plane.md 3.2, 3.3): a table of its own, because paths stand for methods too.</summary>
/// <param name="call">The request.</param>
/// <param name="scope">The API's.</param>
/// <param name="stage">Gets the changes; of no use after a fault.</param>
internal sealed class StagePatch(Call call, string scope, WireValue stage)
{
    private const string CanaryDeployment = "/canarySettings/deploymentId";
    private const string CanaryVariables = "/canarySettings/stageVariableOverrides";

    /// <summary>What a text lists as the possible paths, with the commas that the service leaves out.</summary>
    private static readonly string s_paths = string.Join(
        ", ",
        "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format",
        MethodPaths("/{resourcePath}/{httpMethod}", ""),
        MethodPaths("/*/*", " "),
        "/variables/{variable_name}, /tracingEnabled");

    public Reply? Run(IReadOnlyList<PatchOperation> operations)
    {
        foreach (PatchOperation operation in operations)
        {
            if (RunOne(operation) is { } fault) return fault;
        }

        StageRules.SettleCache(stage);
        return null;
    }

    private Reply? RunOne(PatchOperation operation)
    {
        if (operation.Op == PatchOp.Copy) return Copy(operation);
        string[] segments = operation.Segments;
        return (segments.Length == 0 ? "" : segments[0], segments.Length) switch
        {
            ("", 0) => WrongPath(operation),
            ("canarySettings", <= 3) => Canary(operation, segments),
            ("accessLogSettings", <= 2) => AccessLog(operation, segments),
            ("variables", <= 2) => Variables(operation, segments),
            (_, 1) => Member(operation, segments[0]),
            _ => MethodSetting(operation, segments),
        };
    }

    private Reply? Member(PatchOperation operation, string name)
    {
        if (operation.Op == PatchOp.Remove) return NothingToRemove(operation);
        if (name is not ("description" or "deploymentId" or "cacheClusterEnabled" or "cacheClusterSize" or "clientCertificateId" or "documentationVersion" or "tracingEnabled" or "methodSettings"))
        {
            return WrongPath(operation);
        }

        if (operation.Op != PatchOp.Replace) return WrongOp(operation);

        // An optional member is cleared by leaving its value away, and where ids and names are meant by an empty one.
        string? value = operation.Value;
        if (name != "description" && value is "") value = null;
        switch (name)
        {
            case "deploymentId":
                if (value is null || call.Book.Find(scope, Kinds.Deployment, value) is null) return StageRules.UnknownDeployment;
                break;
            case "cacheClusterEnabled" or "tracingEnabled":
                stage.Set(name, operation.IsTrue);
                return null;
            case "cacheClusterSize" when value is not null:
                if (StageRules.CheckCacheSize(value) is { } wrongSize) return wrongSize;
                break;
            case "clientCertificateId":
                if (StageRules.CheckCertificate(call, value) is { } unknownCertificate) return unknownCertificate;
                break;
            case "documentationVersion":
                if (StageRules.CheckDocumentation(call, scope, value) is { } undocumented) return undocumented;
                break;
            case "methodSettings":
                return MethodSettingTable.Replace(call, stage, value);
        }

        stage.Set(name, value);
        return null;
    }

    private Reply? Variables(PatchOperation operation, string[] segments)
    {
        if (segments.Length == 1)
        {
            if (operation.Op != PatchOp.Remove) return WrongPath(operation);
            stage["variables"] = null;
            return null;
        }

        return Variable(stage, "variables", segments[1], operation);
    }

    /// <summary>Sets or removes one variable of the stage or of its canary; a map that became empty goes.</summary>
    private Reply? Variable(WireValue holder, string member, string name, PatchOperation operation)
    {
        if (operation.Op != PatchOp.Remove) return StageRules.SetVariable(call, holder.ObjectAt(member), name, operation.Value ?? "");
        if (holder[member] is not { IsObject: true } map) return null;
        map[name] = null;
        if (map.Members.Count == 0) holder[member] = null;
        return null;
    }

    private Reply? AccessLog(PatchOperation operation, string[] segments)
    {
        if (segments.Length == 1)
        {
            if (operation.Op != PatchOp.Remove) return WrongAccessLog();
            stage["accessLogSettings"] = null;
            return null;
        }

        if (segments[1] is not ("destinationArn" or "format")) return WrongAccessLog();
        if (operation.Op == PatchOp.Remove)
        {
            if (stage["accessLogSettings"] is not { IsObject: true } settings) return null;
            settings[segments[1]] = null;
            if (settings.Members.Count == 0) stage["accessLogSettings"] = null;
            return null;
        }

        if (string.IsNullOrEmpty(operation.Value)) return Reply.BadRequest("Access Log value must not be empty");
        stage.ObjectAt("accessLogSettings").Set(segments[1], operation.Value);
        return null;

        static Reply WrongAccessLog() => Reply.BadRequest("Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]");
    }

    private Reply? Canary(PatchOperation operation, string[] segments)
    {
        if (segments.Length == 1)
        {
            if (operation.Op != PatchOp.Remove) return WrongPath(operation);
            stage["canarySettings"] = null;
            return null;
        }

        bool isVariable = segments is [_, "stageVariableOverrides", _];
        bool isMember = segments is [_, "percentTraffic" or "deploymentId" or "useStageCache"];
        if (!isVariable && !isMember) return operation.Op == PatchOp.Remove ? NothingToRemove(operation) : WrongPath(operation);
        if (operation.Op != PatchOp.Replace && !(isVariable && operation.Op == PatchOp.Remove)) return WrongOp(operation);

        // What goes away needs no canary made for it.
        if (operation.Op == PatchOp.Remove && stage["canarySettings"] is null) return null;
        WireValue canary = StageRules.CanaryOf(stage);
        if (isVariable) return Variable(canary, "stageVariableOverrides", segments[2], operation);
        switch (segments[1])
        {
            case "percentTraffic":
                double percent = ApplyPatch.ValueOrNull(operation.Value ?? "", PatchType.Double) is { } number ? double.Parse(number.Text, System.Globalization.CultureInfo.InvariantCulture) : -1;
                return StageRules.SetPercent(canary, percent);
            case "deploymentId":
                if (operation.Value is not { } id || call.Book.Find(scope, Kinds.Deployment, id) is null) return StageRules.UnknownDeployment;
                canary.Set("deploymentId", id);
                return null;
            default:
                canary.Set("useStageCache", operation.IsTrue);
                return null;
        }
    }

    /// <summary>Promotes a canary: its deployment and its variables become the stage's. It stays until it is removed.</summary>
    private Reply? Copy(PatchOperation operation)
    {
        bool isKnown = (operation.Path, operation.From) is ("/deploymentId", CanaryDeployment) or ("/variables", CanaryVariables);
        if (!isKnown)
        {
            return Reply.BadRequest(
                $"Invalid copy operation with path: {operation.Path ?? "null"} and from {operation.From ?? "null"}. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [{CanaryDeployment}, {CanaryVariables}]");
        }

        if (stage["canarySettings"] is not { IsObject: true } canary) return Reply.BadRequest("Promotion not available. Canary does not exist.");
        if (operation.Path == "/variables") return StageRules.AddVariables(call, stage, "variables", canary.MembersOf("stageVariableOverrides"));
        stage.Set("deploymentId", canary.TextOf("deploymentId"));
        return null;
    }

    private Reply? MethodSetting(PatchOperation operation, string[] segments)
    {
        if (operation.Op == PatchOp.Remove) return MethodSettingTable.Remove(stage, segments) ? null : NothingToRemove(operation);
        if (segments.Length < 4 || MethodSettingTable.FindOrNull(segments[^2] + "/" + segments[^1]) is not { } setting) return WrongPath(operation);
        if (MethodSettingTable.KeyOrNull(segments.AsSpan(0, segments.Length - 2)) is not { } key) return WrongPath(operation);
        if (operation.Op != PatchOp.Replace) return WrongOp(operation);
        return MethodSettingTable.Set(call, stage, key, setting, operation);
    }

    private static Reply WrongPath(PatchOperation operation) => Reply.BadRequest($"Invalid method setting path: {operation.Path ?? "null"}. Must be one of: [{s_paths}]");

    private static Reply WrongOp(PatchOperation operation) => Reply.BadRequest($"Invalid {operation.OpText} operation with path: {operation.Path}");

    private static Reply NothingToRemove(PatchOperation operation) =>
        Reply.BadRequest($"Cannot remove method setting {operation.Path!.TrimStart('/')} because there is no method setting for this method ");

    private static string MethodPaths(string method, string glue) =>
        $"{method}/metrics/enabled, {method}/logging/dataTrace, {method}/logging/loglevel, {method}/throttling/burstLimit{glue}{method}/throttling/rateLimit{glue}{method}/caching/ttlInSeconds, {method}/caching/enabled, {method}/caching/dataEncrypted, {method}/caching/requireAuthorizationForCacheControl, {method}/caching/unauthorizedCacheControlHeaderStrategy";
}

using System.Text;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Applies the patch operations of a usage plan (control-plane.md 1.7), of which those of API stages are like no others.</summary>
internal static class PatchPlan
{
    // Each operation has a list of its own; the one of remove is the service's.
    private static readonly PatchDialect s_removing = PatchDialect.Listed(
        "/apiStages, /quota, /throttle, /productCode, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, /apiStages/<apidId:stageName>/throttle");

    private static readonly PatchDialect s_setting = PatchDialect.Listed(
        "/name, /description, /productCode, /apiStages, /quota/limit, /quota/offset, /quota/period, /throttle/burstLimit, /throttle/rateLimit, /apiStages/<apidId:stageName>/throttle, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>/burstLimit, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>/rateLimit");

    private static readonly PatchRule s_stages = new("/apiStages", "AD");

    private static readonly PatchRule[] s_rules =
    [
        new("/name", "R"),
        new("/description", "R"),
        new("/productCode", "ARD"),
        new("/quota", "D"),
        new("/quota/limit", "AR", PatchType.Integer),
        new("/quota/offset", "AR", PatchType.Integer),
        new("/quota/period", "AR"),
        new("/throttle", "D"),
        new("/throttle/burstLimit", "AR", PatchType.Integer),
        new("/throttle/rateLimit", "AR", PatchType.Double),
    ];

    /// <summary>Applies an operation. Null when it was.</summary>
    public static Reply? Run(BookEdit book, WireValue plan, PatchOperation operation)
    {
        PatchDialect dialect = operation.Op == PatchOp.Remove ? s_removing : s_setting;
        string[] parts = operation.Segments;
        if (parts.Length == 0 || parts[0] != "apiStages") return ApplyPatch.RunOne(plan, operation, s_rules, dialect);
        if (parts.Length == 1) return RunStage(book, plan, operation, dialect);
        if (parts.Length < 3 || parts[2] != "throttle") return dialect.WrongPath(operation);
        return StageOrNull(plan, parts[1], out Reply fault) is { } stage ? RunThrottle(stage, operation, parts.AsSpan(3), dialect) : fault;
    }

    private static Reply? RunStage(BookEdit book, WireValue plan, PatchOperation operation, PatchDialect dialect)
    {
        if (!s_stages.Allows(operation.Op)) return dialect.WrongOp(operation, s_stages);
        if (operation.Op == PatchOp.Remove)
        {
            if (StageOrNull(plan, operation.Value, out Reply fault) is not { } listed) return fault;
            plan.ListAt("apiStages").Items.Remove(listed);
            return null;
        }

        string[] names = (operation.Value ?? "").Split(':', 2);
        WireValue stage = WireValue.NewObject().Set("apiId", names[0]).Set("stage", names.Length == 2 ? names[1] : "");
        if (PlanRules.WrongStage(book, plan, stage) is { } wrong) return wrong;
        plan.ListAt("apiStages").Items.Add(stage);
        return null;
    }

    private static Reply? RunThrottle(WireValue stage, PatchOperation operation, ReadOnlySpan<string> method, PatchDialect dialect)
    {
        if (operation.Op == PatchOp.Copy) return dialect.WrongPath(operation);
        if (method.IsEmpty)
        {
            if (operation.Op == PatchOp.Remove)
            {
                stage["throttle"] = null;
                return null;
            }

            if (!WireValue.TryParse(Encoding.UTF8.GetBytes(operation.Value ?? ""), out WireValue? map) || !map.IsObject) return Reply.BadRequest("Invalid throttle specified, must be a JSON map of methods");
            return PlanRules.TakeMethods(map, stage);
        }

        if (operation.Op == PatchOp.Remove)
        {
            if (PlanRules.MethodOrNull(method) is not { } gone) return PlanRules.InvalidMethod;
            WireValue throttles = stage.ObjectAt("throttle");
            bool known = throttles[gone] is not null;
            throttles[gone] = null;
            if (throttles.Members.Count == 0) stage["throttle"] = null;
            return known ? null : Reply.NotFound($"Invalid method throttle specified: {gone}");
        }

        if (method[^1] is not ("rateLimit" or "burstLimit")) return dialect.WrongPath(operation);
        if (PlanRules.MethodOrNull(method[..^1]) is not { } name) return PlanRules.InvalidMethod;
        if (ApplyPatch.ValueOrNull(operation.Value ?? "", method[^1] == "rateLimit" ? PatchType.Double : PatchType.Integer) is not { } figure) return Reply.BadRequest($"Invalid value specified for {operation.Path}");
        stage.ObjectAt("throttle").ObjectAt(name)[method[^1]] = figure;
        return null;
    }

    private static WireValue? StageOrNull(WireValue plan, string? text, out Reply fault)
    {
        string[] names = (text ?? "").Split(':', 2);
        bool isStage = names.Length == 2 && names[0].Length > 0 && names[1].Length > 0;
        fault = isStage ? PlanRules.UnknownStage(plan.TextOf("id")!, names[0], names[1]) : Reply.BadRequest("Invalid API Stage specified");
        return isStage ? PlanStages.FindOrNull(plan, names[0], names[1]) : null;
    }
}

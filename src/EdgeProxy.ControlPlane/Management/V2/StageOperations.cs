using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Stages of HTTP and WebSocket APIs (control-plane.md 2.4, 3.1, 3.4).</summary>
internal static class StageOperations
{
    private const string Settings =
        "accessLogSettings:AccessLogSettings autoDeploy:bool clientCertificateId:str defaultRouteSettings:RouteSettings deploymentId:str description:str " +
        "routeSettings:map<RouteSettings> stageVariables:map<str>";

    private static readonly Members s_members = new(
        "accessLogSettings:3072 autoDeploy clientCertificateId defaultRouteSettings deploymentId description:1024 routeSettings+ stageVariables+");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetStages", "GET /v2/apis/{apiId}/stages", 200, "", List),
        new("CreateStage", "POST /v2/apis/{apiId}/stages", 201, Settings + " stageName*:str tags:map<str>", Create),
        new("GetStage", "GET /v2/apis/{apiId}/stages/{stageName}", 200, "", Get),
        new("UpdateStage", "PATCH /v2/apis/{apiId}/stages/{stageName}", 200, Settings, Update),
        new("DeleteStage", "DELETE /v2/apis/{apiId}/stages/{stageName}", 204, "", Delete),
        new("DeleteAccessLogSettings", "DELETE /v2/apis/{apiId}/stages/{stageName}/accesslogsettings", 204, "", DeleteAccessLog),
        new("ResetAuthorizersCache", "DELETE /v2/apis/{apiId}/stages/{stageName}/cache/authorizers", 204, "", ResetAuthorizers),
        new("DeleteRouteSettings", "DELETE /v2/apis/{apiId}/stages/{stageName}/routesettings/{routeKey}", 204, "", DeleteRouteSettings),
    ];

    /// <summary>A new stage with its defaults, not yet kept.</summary>
    public static WireValue New(Call call, ApiPlace api, string name) => WireValue.NewObject()
        .Set("createdDate", call.NowText)
        .Set("defaultRouteSettings", StageRules.WithDefaults(WireValue.NewObject(), api.IsHttp))
        .Set("lastUpdatedDate", call.NowText)
        .Set("routeSettings", WireValue.NewObject())
        .Set("stageName", name)
        .Set("stageVariables", WireValue.NewObject())
        .Set("tags", WireValue.NewObject());

    /// <summary>Says that there is no stage of a name.</summary>
    public static Reply Unknown() => Reply.NotFound("Invalid stage identifier specified", "Stage");

    private static bool TryFind(Call call, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ChildRecord? found, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Reply? fault)
    {
        found = null;
        if (!ApiPlace.TryFind(call, out ApiPlace? api, out fault)) return false;
        if (call.Book.Find(api.Scope, Kinds.Stage, call.Path("stageName")) is not { } record)
        {
            fault = Unknown();
            return false;
        }

        found = new ChildRecord(api, record);
        return true;
    }

    private static Reply List(Call call) =>
        ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault) ? Paging.List(call, call.Book.All(api.Scope, Kinds.Stage)) : fault;

    private static Reply Get(Call call) => TryFind(call, out ChildRecord? found, out Reply? fault) ? Reply.Of(found.Record) : fault;

    private static Reply Create(Call call)
    {
        if (!ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault)) return fault;
        string name = call.Body.TextOf("stageName")!;
        if (!StageRules.IsName(name, api.IsHttp)) return Reply.BadRequest("Stage name only allows a-zA-Z0-9_-, and $default for APIs with a protocol type of HTTP.");
        if (call.Book.Find(api.Scope, Kinds.Stage, name) is not null) return Reply.Conflict("Stage already exists");
        if (call.Book.All(api.Scope, Kinds.Stage).Count >= call.Options.Limits.StagesPerApi) return Reply.TooMany(LimitNames.Stages, "Maximum number of Stages for this API has been reached.", "StagesPerApi");
        WireValue stage = New(call, api, name).Set("tags", WireValue.NewObject());
        if (Tagging.Take(call, stage, call.Body) is { } wrong) return wrong;
        return Change(call, api, stage) ?? Put(call, api, name, stage);
    }

    private static Reply Update(Call call)
    {
        if (!TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        return Change(call, found.Api, found.Value) ?? Put(call, found.Api, found.Key, found.Value);
    }

    private static Reply Delete(Call call)
    {
        if (!TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        if (found.Value.IsTrueOf("apiGatewayManaged")) return Reply.BadRequest("Cannot delete Stage because it is managed by API Gateway");
        if (DomainRecords.LeadTo(call.Book, found.Api.Id, found.Key)) return Reply.BadRequest("Please remove all API mappings related to the stage in your account before deleting the stage.");
        call.Book.Remove(found.Api.Scope, Kinds.Stage, found.Key);
        V1.PlanStages.Drop(call.Book, found.Api.Id, found.Key);
        return Reply.Empty;
    }

    private static Reply DeleteAccessLog(Call call)
    {
        if (!TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        if (found.Value["accessLogSettings"] is null) return Reply.Empty;
        found.Value["accessLogSettings"] = null;
        Put(call, found.Api, found.Key, found.Value.Set("lastUpdatedDate", call.NowText));
        return Reply.Empty;
    }

    private static Reply DeleteRouteSettings(Call call)
    {
        if (!TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        string key = call.Path("routeKey");
        if (found.Value["routeSettings"]?[key] is null) return StageRules.UnknownRoute(key);
        found.Value["routeSettings"]![key] = null;
        Put(call, found.Api, found.Key, found.Value.Set("lastUpdatedDate", call.NowText));
        return Reply.Empty;
    }

    private static Reply ResetAuthorizers(Call call)
    {
        if (!TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        return found.Api.IsHttp ? Reply.Empty : ApiOperations.OnlyFor("ResetAuthorizersCache", "HTTP");
    }

    private static Reply? Change(Call call, ApiPlace api, WireValue stage)
    {
        if (s_members.Merge(stage, call.Body, call.Options.Limits) is { } wrong) return wrong;
        stage.ObjectAt("routeSettings");
        stage.ObjectAt("stageVariables");
        if (StageRules.Fault(call, api, stage) is { } fault) return fault;
        stage.Set("lastUpdatedDate", call.NowText);
        return null;
    }

    private static Reply Put(Call call, ApiPlace api, string name, WireValue stage)
    {
        var record = new Record(name, stage.ToBytes());
        call.Book.Put(api.Scope, Kinds.Stage, record);
        return Reply.Of(record);
    }
}

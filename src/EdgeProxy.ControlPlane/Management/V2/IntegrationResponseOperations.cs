using EdgeProxy.Compiler.Mappings;
using EdgeProxy.ControlPlane.Management.V2.Expressions;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Integration responses of WebSocket APIs (control-plane.md 2.2, websocket-api.md 7.4).</summary>
internal static class IntegrationResponseOperations
{
    private const string Settings =
        "contentHandlingStrategy:enum<ContentHandlingStrategy> responseParameters:map<str> responseTemplates:map<str> templateSelectionExpression:str";

    private static readonly Members s_members = new(
        "contentHandlingStrategy integrationResponseKey responseParameters+ responseTemplates:300000 templateSelectionExpression");

    private static readonly ChildKind s_kind = new(Kinds.IntegrationResponse, "IntegrationResponse", "integrationResponseId", IntegrationOperations.Kind);

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetIntegrationResponses", "GET /v2/apis/{apiId}/integrations/{integrationId}/integrationresponses", 200, "", s_kind.List),
        new("CreateIntegrationResponse", "POST /v2/apis/{apiId}/integrations/{integrationId}/integrationresponses", 201, Settings + " integrationResponseKey*:str", Create),
        new("GetIntegrationResponse", "GET /v2/apis/{apiId}/integrations/{integrationId}/integrationresponses/{integrationResponseId}", 200, "", s_kind.Get),
        new("UpdateIntegrationResponse", "PATCH /v2/apis/{apiId}/integrations/{integrationId}/integrationresponses/{integrationResponseId}", 200, Settings + " integrationResponseKey:str", Update),
        new("DeleteIntegrationResponse", "DELETE /v2/apis/{apiId}/integrations/{integrationId}/integrationresponses/{integrationResponseId}", 204, "", Delete),
    ];

    private static Reply Create(Call call)
    {
        if (!s_kind.TryFindOwner(call, out ApiPlace? api, out string prefix, out Reply? fault)) return fault;
        if (api.IsHttp) return ApiOperations.OnlyFor("IntegrationResponse", "WEBSOCKET");
        if (s_kind.Of(call.Book, api, prefix).Count >= call.Options.Limits.Entries) return Reply.TooMany(LimitNames.Entries, "Maximum number of IntegrationResponses for this Integration has been reached.", "IntegrationResponses");
        WireValue value = WireValue.NewObject();
        return s_members.Merge(value, call.Body, call.Options.Limits) ?? Check(call, api, value, "", prefix) ?? s_kind.Add(call, api, prefix, value);
    }

    private static Reply Update(Call call)
    {
        if (!s_kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        return s_members.Merge(found.Value, call.Body, call.Options.Limits)
            ?? Check(call, found.Api, found.Value, found.Key, found.Key[..(found.Key.IndexOf('/', StringComparison.Ordinal) + 1)])
            ?? s_kind.Put(call, found.Api, found.Key, found.Value);
    }

    private static Reply Delete(Call call) => s_kind.TryFind(call, out ChildRecord? found, out Reply? fault) ? s_kind.Remove(call, found) : fault;

    private static Reply? Check(Call call, ApiPlace api, WireValue value, string key, string prefix)
    {
        string name = value.TextOf("integrationResponseKey") ?? "";
        bool isPattern = name.Length > 2 && name[0] == '/' && name[^1] == '/';
        if (name != "$default" && (!isPattern || new SelectionPattern(name[1..^1]).Fault is not null))
        {
            return Reply.BadRequest("Invalid integration response key specified. It must be $default or a regular expression between slashes");
        }

        if (s_kind.WithText(call.Book, api, "integrationResponseKey", name, key, prefix) is not null) return Reply.Conflict($"IntegrationResponse with key {name} already exists for this Integration");
        if (value.TextOf("templateSelectionExpression") is { } expression && !SelectionExpression.Fits(expression, SelectionSources.ResponseTemplate))
        {
            return Reply.BadRequest($"Invalid template selection expression specified: {expression}");
        }

        return MappingFault.Of(value["responseParameters"] is { } mappings ? WebSocketMappings.FaultOfResponse(mappings) : null);
    }
}

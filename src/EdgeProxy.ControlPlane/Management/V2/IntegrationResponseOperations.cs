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

    private static readonly WebSocketResponses s_responses = new(s_kind, "IntegrationResponse", s_members, Check);

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. s_kind.Rows("/v2/apis/{apiId}/integrations/{integrationId}/integrationresponses"),
        new("CreateIntegrationResponse", "POST /v2/apis/{apiId}/integrations/{integrationId}/integrationresponses", 201, Settings + " integrationResponseKey*:str", s_responses.Create),
        new("UpdateIntegrationResponse", "PATCH /v2/apis/{apiId}/integrations/{integrationId}/integrationresponses/{integrationResponseId}", 200, Settings + " integrationResponseKey:str", s_responses.Update),
    ];

    private static Reply? Check(Call call, ApiPlace api, WireValue value, string key, string prefix)
    {
        bool isNew = key.Length == 0;
        if (isNew && s_kind.Of(call.Book, api, prefix).Count >= call.Options.Limits.Entries) return Reply.TooMany(LimitNames.Entries, "Maximum number of IntegrationResponses for this Integration has been reached.", "IntegrationResponses");
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

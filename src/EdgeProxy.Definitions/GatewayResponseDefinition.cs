namespace EdgeProxy.Definitions;

/// <summary>A customised answer of the gateway itself (rest-api.md 3.2).</summary>
/// <param name="ResponseType">For example <c>DEFAULT_4XX</c>.</param>
/// <param name="StatusCode">Status from 200 to 599, or null to keep the type's own.</param>
/// <param name="ResponseParameters">Targets are <c>gatewayresponse.header.NAME</c>.</param>
/// <param name="ResponseTemplates">Bodies by media type; variables only, no VTL.</param>
/// <param name="Origin">The entry.</param>
public sealed record GatewayResponseDefinition(
    string ResponseType,
    int? StatusCode,
    IReadOnlyList<ParameterMappingDefinition> ResponseParameters,
    IReadOnlyList<TemplateDefinition> ResponseTemplates,
    Origin? Origin);

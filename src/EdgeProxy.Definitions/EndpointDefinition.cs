namespace EdgeProxy.Definitions;

/// <summary>Endpoint settings of an API.</summary>
/// <param name="DisableExecuteApiEndpoint">True to serve it by custom domains only.</param>
/// <param name="VpcEndpointIds">Endpoints of a private API.</param>
/// <param name="SecurityPolicy">TLS policy name, or null.</param>
/// <param name="AccessMode"><c>BASIC</c> or <c>STRICT</c>, or null.</param>
/// <param name="Origin">Where it is written.</param>
public sealed record EndpointDefinition(
    bool DisableExecuteApiEndpoint,
    IReadOnlyList<string> VpcEndpointIds,
    string? SecurityPolicy,
    string? AccessMode,
    Origin? Origin);

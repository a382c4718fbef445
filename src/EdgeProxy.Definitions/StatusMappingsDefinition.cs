namespace EdgeProxy.Definitions;

/// <summary>Response mappings of an HTTP API for one status of the back end.</summary>
/// <param name="StatusCode">200 to 599.</param>
/// <param name="Mappings">Targets are <c>append:header.x</c>, <c>overwrite:statuscode</c> and the like.</param>
/// <param name="Origin">The entry.</param>
public sealed record StatusMappingsDefinition(int StatusCode, IReadOnlyList<ParameterMappingDefinition> Mappings, Origin? Origin);

namespace EdgeProxy.Definitions;

/// <summary>A request parameter that a method declares.</summary>
/// <param name="Location">Where it stands.</param>
/// <param name="Name">Its name, as written.</param>
/// <param name="Required">True when a request validator refuses requests without it.</param>
/// <param name="Origin">The parameter object.</param>
public sealed record ParameterDefinition(ParameterLocation Location, string Name, bool Required, Origin? Origin);

namespace EdgeProxy.Definitions;

/// <summary>One documentation part.</summary>
/// <param name="Location">JSON text of the location.</param>
/// <param name="Properties">JSON text of the properties.</param>
/// <param name="Origin">The part.</param>
public sealed record DocumentationPartDefinition(string Location, string Properties, Origin? Origin);

namespace EdgeProxy.Definitions;

/// <summary>A path of an API, with or without methods.</summary>
/// <param name="Path">Absolute, for example <c>/pets/{petId}</c>; <c>/</c> for the root.</param>
/// <param name="Origin">The path item; for an intermediate resource the first path item below it.</param>
public sealed record ResourceDefinition(string Path, Origin? Origin);

namespace EdgeProxy.Definitions;

/// <summary>Documentation of an API.</summary>
/// <param name="Version">Documentation version to make, or null.</param>
/// <param name="Parts">The parts.</param>
/// <param name="Origin">The extension.</param>
public sealed record DocumentationDefinition(string? Version, IReadOnlyList<DocumentationPartDefinition> Parts, Origin? Origin);

namespace EdgeProxy.Definitions;

/// <summary>A resource policy.</summary>
/// <param name="Text">JSON text.</param>
/// <param name="Origin">The policy object.</param>
public sealed record PolicyDefinition(string Text, Origin? Origin);

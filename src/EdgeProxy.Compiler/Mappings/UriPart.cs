namespace EdgeProxy.Compiler.Mappings;

/// <summary>A part of an integration URI.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, or the name.</param>
public readonly record struct UriPart(UriPartKind Kind, string Text);

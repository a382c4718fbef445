namespace EdgeProxy.Templates.Syntax;

/// <summary>A piece of the template, as byte offsets.</summary>
internal readonly record struct SourceRange(int Start, int End);

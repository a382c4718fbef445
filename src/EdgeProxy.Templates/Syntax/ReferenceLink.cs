namespace EdgeProxy.Templates.Syntax;

/// <summary>One step of a reference: <c>.name</c>, <c>.name(arguments)</c> or <c>[index]</c>.</summary>
/// <param name="Range">Where.</param>
/// <param name="Name">Null for an index.</param>
/// <param name="Arguments">Null for a property; the index alone for an index.</param>
internal sealed record ReferenceLink(SourceRange Range, string? Name, IReadOnlyList<SyntaxExpression>? Arguments);

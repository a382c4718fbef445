namespace EdgeProxy.Templates.Patterns;

/// <summary>One instruction of a pattern.</summary>
internal readonly record struct PatternStep(PatternCode Code, int A = 0, int B = 0);

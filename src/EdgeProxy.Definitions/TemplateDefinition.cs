namespace EdgeProxy.Definitions;

/// <summary>A mapping template of one media type.</summary>
/// <param name="MediaType">For example <c>application/json</c>, or <c>$default</c>.</param>
/// <param name="Text">The template (VTL).</param>
/// <param name="Origin">The text.</param>
public sealed record TemplateDefinition(string MediaType, string Text, Origin? Origin);

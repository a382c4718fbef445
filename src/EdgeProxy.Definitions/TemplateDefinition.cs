namespace EdgeProxy.Definitions;

/// <summary>A mapping template of one media type.</summary>
/// <param name="MediaType">For example <c>application/json</c>, or <c>$default</c>.</param>
/// <param name="Text">The template (VTL).</param>
/// <param name="Origin">The text.</param>
/// <param name="Start">Where the text begins in the document, when its lines stand there as they are; null when it is quoted, folded or came by API.</param>
public sealed record TemplateDefinition(string MediaType, string Text, Origin? Origin, TextStart? Start = null);

namespace EdgeProxy.Definitions;

/// <summary>The model of a body of one media type.</summary>
/// <param name="MediaType">For example <c>application/json</c>.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Origin">The schema.</param>
public sealed record ModelUseDefinition(string MediaType, string Model, Origin? Origin);

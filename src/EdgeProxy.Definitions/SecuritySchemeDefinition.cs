namespace EdgeProxy.Definitions;

/// <summary>An OpenAPI security scheme.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type"><c>apiKey</c>, <c>http</c>, <c>oauth2</c>, <c>openIdConnect</c>, <c>basic</c>.</param>
/// <param name="In">Where an API key stands; null for other types.</param>
/// <param name="ParameterName">Name of the header or parameter; null for other types.</param>
/// <param name="AuthType"><c>x-amazon-apigateway-authtype</c>, or null.</param>
/// <param name="Origin">The scheme object.</param>
public sealed record SecuritySchemeDefinition(string Name, string Type, string? In, string? ParameterName, string? AuthType, Origin? Origin);

namespace EdgeProxy.Definitions;

/// <summary>A response that a method declares.</summary>
/// <param name="StatusCode">200 to 599.</param>
/// <param name="Headers">Names of the declared response headers.</param>
/// <param name="Models">Media type to model of the response body.</param>
/// <param name="Origin">The response object.</param>
public sealed record MethodResponseDefinition(int StatusCode, IReadOnlyList<string> Headers, IReadOnlyList<ModelUseDefinition> Models, Origin? Origin);

namespace EdgeProxy.Definitions;

/// <summary>One entry of <c>requestParameters</c> or <c>responseParameters</c>.</summary>
/// <param name="Target">What is set, for example <c>integration.request.path.petId</c>.</param>
/// <param name="Source">The expression it is set to, for example <c>method.request.path.petId</c> or <c>'text'</c>.</param>
/// <param name="Origin">The source expression.</param>
public sealed record ParameterMappingDefinition(string Target, string Source, Origin? Origin);

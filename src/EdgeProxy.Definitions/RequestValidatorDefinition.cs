namespace EdgeProxy.Definitions;

/// <summary>What a request validator checks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ValidateRequestBody">True to hold the body against its model.</param>
/// <param name="ValidateRequestParameters">True to ask for the required parameters.</param>
/// <param name="Origin">The validator object.</param>
public sealed record RequestValidatorDefinition(string Name, bool ValidateRequestBody, bool ValidateRequestParameters, Origin? Origin);

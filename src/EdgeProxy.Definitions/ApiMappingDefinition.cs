namespace EdgeProxy.Definitions;

/// <summary>Where a path of a custom domain leads.</summary>
/// <param name="BasePath">Without slashes at its ends; empty for all that no other takes.</param>
/// <param name="ApiId">The API.</param>
/// <param name="Stage">The stage; empty when the caller names it as the next segment of the path.</param>
public sealed record ApiMappingDefinition(string BasePath, string ApiId, string Stage);

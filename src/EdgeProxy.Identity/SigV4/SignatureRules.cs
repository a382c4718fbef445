namespace EdgeProxy.Identity.SigV4;

/// <summary>What signatures have to be for to be accepted.</summary>
/// <param name="Service">The service in the scope, such as <c>apigateway</c>.</param>
/// <param name="Region">The region in the scope; null for any, which is then the caller's own idea of where this is.</param>
/// <param name="Skew">How far the caller's clock may be off either way. The service's is 5 minutes for requests to APIs and 15 for management (specification security.md 3.5, control-plane.md 7).</param>
/// <param name="Path">How paths enter the canonical form; every service but S3 wants them normalized.</param>
/// <param name="ExplainsMismatch">Whether a caller whose signature differs is told the texts that should have been signed. They reveal nothing that it lacks.</param>
public sealed record SignatureRules(string Service, string? Region, TimeSpan Skew, CanonicalPath Path = CanonicalPath.Normalized, bool ExplainsMismatch = true);

namespace EdgeProxy.Definitions;

/// <summary>An issuer of JSON web tokens that an authorizer trusts.</summary>
/// <param name="Issuer">Issuer URL; the <c>iss</c> claim.</param>
/// <param name="Audiences">Accepted audiences.</param>
/// <param name="AdditionalClaims">JSON text of further claims to check, or null.</param>
/// <param name="Origin">Where it is written.</param>
public sealed record JwtIssuerDefinition(string Issuer, IReadOnlyList<string> Audiences, string? AdditionalClaims, Origin? Origin);

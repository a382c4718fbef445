namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A piece of a request target: bytes to copy, or a mapped value to encode.</summary>
/// <param name="Literal">The bytes; null for a value.</param>
/// <param name="Mapping">For a value, the index among the integration's <see cref="IntegrationPlan.RequestParameters"/>.</param>
/// <param name="InQuery">Whether the value stands behind the question mark.</param>
internal readonly record struct UriPart(byte[]? Literal, int Mapping, bool InQuery);

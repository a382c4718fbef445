namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A piece of a request target: bytes to copy, or a mapped value to encode.</summary>
/// <param name="Literal">The bytes; null for a value.</param>
/// <param name="Mapping">For a value, the index among the integration's <see cref="IntegrationPlan.RequestParameters"/>; -1 for one that only an override can give.</param>
/// <param name="InQuery">Whether the value stands behind the question mark.</param>
/// <param name="Name">For a value, the placeholder's name.</param>
internal readonly record struct UriPart(byte[]? Literal, int Mapping, bool InQuery, Utf8Text Name = default);

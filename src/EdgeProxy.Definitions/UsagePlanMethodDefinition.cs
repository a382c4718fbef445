namespace EdgeProxy.Definitions;

/// <summary>How often each key of a usage plan may call one method.</summary>
/// <param name="ResourcePath">The resource path as its document writes it.</param>
/// <param name="Verb">The verb, or <c>ANY</c>.</param>
/// <param name="RateLimit">Requests a second; null or -1 for any.</param>
/// <param name="BurstLimit">Requests at once after a pause, likewise.</param>
/// <param name="Origin">Where it is written.</param>
public sealed record UsagePlanMethodDefinition(string ResourcePath, string Verb, double? RateLimit, int? BurstLimit, Origin? Origin);

using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>Where credentials come from. The settings name the places only; no secret stands in them.</summary>
/// <param name="Source">Which of the places.</param>
/// <param name="File">Full path of a shared credentials file; null for the usual one.</param>
/// <param name="Profile">The profile in it; null for the usual one.</param>
/// <param name="AccessKeyId">Name of the environment variable that holds it.</param>
/// <param name="SecretAccessKey">Name of the environment variable that holds it.</param>
/// <param name="SessionToken">Name of the environment variable that holds it; null for none.</param>
/// <param name="Origin">Where it is configured; null for nowhere.</param>
internal sealed record CredentialSettings(CredentialSource Source, string? File, string? Profile, string? AccessKeyId, string? SecretAccessKey, string? SessionToken, Origin? Origin);

namespace EdgeProxy.Gateway.Operations;

/// <summary>What a key used, in GetUsage.</summary>
/// <param name="KeyId">The API key's id.</param>
/// <param name="Days">A pair for each day that was asked for, in order.</param>
public sealed record KeyUsage(string KeyId, IReadOnlyList<DayUsage> Days);

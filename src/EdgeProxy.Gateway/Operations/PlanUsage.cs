namespace EdgeProxy.Gateway.Operations;

/// <summary>What the keys of a usage plan used: GetUsage (control-plane.md).</summary>
/// <param name="PlanId">The usage plan.</param>
/// <param name="Start">The first day.</param>
/// <param name="End">The last.</param>
/// <param name="Keys">The keys of this page.</param>
/// <param name="Position">Where the next page begins; null on the last.</param>
public sealed record PlanUsage(string PlanId, DateOnly Start, DateOnly End, IReadOnlyList<KeyUsage> Keys, string? Position);

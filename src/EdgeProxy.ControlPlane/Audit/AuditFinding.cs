namespace EdgeProxy.ControlPlane.Audit;

/// <summary>What was found when a chain was looked at.</summary>
/// <param name="Trail">The chain.</param>
/// <param name="First">The number of the oldest record that should be there.</param>
/// <param name="Last">The number of the newest; one less than the first when there is none.</param>
/// <param name="Hash">The hash that the chain ends with: whoever notes it down can tell later that nothing before it was made anew.</param>
/// <param name="Problem">What is wrong; null for nothing.</param>
public sealed record AuditFinding(AuditTrailKind Trail, long First, long Last, string Hash, string? Problem);

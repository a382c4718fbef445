namespace EdgeProxy.ControlPlane.Audit;

/// <summary>How much of the audit is kept.</summary>
/// <param name="MaxRecords">Most records of each chain; the oldest go.</param>
/// <param name="Buffer">Most reads and refused calls that wait to be noted down.</param>
public sealed record AuditOptions(long MaxRecords, int Buffer);

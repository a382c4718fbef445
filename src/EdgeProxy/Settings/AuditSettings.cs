namespace EdgeProxy.Settings;

/// <summary>What is kept of management calls.</summary>
/// <param name="Path"><c>stdout</c>, <c>off</c>, or a full path: where they are written as lines.</param>
/// <param name="MaxRecords">Most changes, and most other calls, that are remembered.</param>
/// <param name="Buffer">Most that wait to be noted down.</param>
internal sealed record AuditSettings(string Path, int MaxRecords, int Buffer);

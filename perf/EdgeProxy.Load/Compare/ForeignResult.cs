namespace EdgeProxy.Load.Compare;

/// <summary>What somebody else's load program counted.</summary>
/// <param name="Completed">Whole answers; for handshakes, connections.</param>
/// <param name="Failed">Requests that failed or were refused.</param>
internal readonly record struct ForeignResult(long Completed, long Failed);

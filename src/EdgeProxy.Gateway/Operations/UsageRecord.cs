namespace EdgeProxy.Gateway.Operations;

/// <summary>What one API key used of one usage plan on one day: what is kept across restarts.</summary>
/// <remarks>One record for each plan, key and day; a later one replaces an earlier one.</remarks>
/// <param name="PlanId">The usage plan.</param>
/// <param name="KeyId">The API key's id, never its value.</param>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Used">Requests that the plan admitted on that day.</param>
/// <param name="Remaining">Requests that were left of the quota at the day's end, or are by now; -1 where the plan has no quota.</param>
/// <param name="Period">What the quota was for; with <paramref name="Counted"/> what the quota goes on with after a restart.</param>
/// <param name="Counted">
/// What counts against the quota in the period that the day lies in, up to the day's end: more than was used where the plan's offset took some away, less where
/// the remaining quota was set (UpdateUsage). 0 without a quota.
/// </param>
public sealed record UsageRecord(string PlanId, string KeyId, DateOnly Day, long Used, long Remaining, QuotaPeriod Period, long Counted);

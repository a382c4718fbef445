namespace EdgeProxy.Gateway.Operations;

/// <summary>A day's pair in GetUsage.</summary>
/// <param name="Used">Requests that the plan admitted on that day.</param>
/// <param name="Remaining">Requests left of the quota at its end, or by now; -1 without a quota.</param>
public readonly record struct DayUsage(long Used, long Remaining);

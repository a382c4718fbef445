namespace EdgeProxy.Gateway.Operations;

/// <summary>What a usage plan's quota is for: stretches of the calendar, in UTC (rest-api.md 9.2).</summary>
/// <remarks>The numbers stand in records that are kept: they do not change.</remarks>
public enum QuotaPeriod
{
    /// <summary>The plan has no quota.</summary>
    None = 0,

    /// <summary>From midnight to midnight.</summary>
    Day = 1,

    /// <summary>From Sunday to Saturday.</summary>
    Week = 2,

    /// <summary>From the first of a month to its last day.</summary>
    Month = 3,
}

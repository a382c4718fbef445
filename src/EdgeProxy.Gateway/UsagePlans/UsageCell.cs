namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>Where a key's use of a plan is counted: a row of the ledger, found.</summary>
/// <param name="chunk">The row's chunk.</param>
/// <param name="index">Its place there.</param>
internal readonly struct UsageCell(UsageChunk chunk, int index)
{
    private readonly UsageChunk _chunk = chunk;
    private readonly int _index = index;

    /// <summary>The row.</summary>
    public ref UsageRow Row => ref _chunk[_index];

    /// <summary>Whether the quota is used up.</summary>
    /// <param name="quota">The plan's quota.</param>
    /// <param name="day">Days since 1970.</param>
    public bool IsSpent(Quota quota, int day) => QuotaCount.IsSpent(Volatile.Read(ref Row.Quota), quota, quota.PeriodOf(day));

    /// <summary>Counts a request that the plan admits; false when its quota is used up, and then nothing is counted.</summary>
    /// <param name="quota">The plan's quota; null for none.</param>
    /// <param name="day">Days since 1970.</param>
    public bool TryCount(Quota? quota, int day)
    {
        ref UsageRow row = ref Row;
        if (quota is not null && !QuotaCount.TryCount(ref row.Quota, ref row.ClosedQuota, quota, quota.PeriodOf(day))) return false;
        DayCount.Add(ref (day & 1) == 0 ? ref row.EvenDay : ref row.OddDay, day, 1);
        _chunk.Mark(_index);
        return true;
    }

    /// <summary>Sets how many requests are left in the period that runs.</summary>
    public void SetRemaining(Quota quota, int day, long remaining)
    {
        ref UsageRow row = ref Row;
        QuotaCount.SetRemaining(ref row.Quota, ref row.ClosedQuota, quota, quota.PeriodOf(day), remaining);

        // So that the day has a record, which is what keeps it.
        DayCount.Add(ref (day & 1) == 0 ? ref row.EvenDay : ref row.OddDay, day, 0);
        _chunk.Mark(_index);
    }
}

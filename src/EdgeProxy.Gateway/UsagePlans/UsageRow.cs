namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What lives on of one key in one usage plan: words that requests change by compare-and-swap, and nothing that a collector would look at.</summary>
internal struct UsageRow
{
    /// <summary>The key's bucket in the plan (<see cref="Throttling.TokenBucket"/>).</summary>
    public long Bucket;

    /// <summary><see cref="QuotaCount"/> of the period that runs.</summary>
    public long Quota;

    /// <summary>The same of the period before, as it ended.</summary>
    public long ClosedQuota;

    /// <summary><see cref="DayCount"/> of the last even day and of the last odd one: a day's count stands for a whole day after it is over.</summary>
    public long EvenDay;

    public long OddDay;

    /// <summary>Of the plan.</summary>
    public int Plan;

    /// <summary>The key, in the ledger's names.</summary>
    public int Key;

    /// <summary>Which of its plan's rows it is.</summary>
    public int Ordinal;

    /// <summary>The last configuration that had it.</summary>
    public int Configured;

    /// <summary>The last configuration that had it in a file.</summary>
    public int Filed;

    /// <summary>The last day that a kept record was loaded of.</summary>
    public int LoadedDay;
}

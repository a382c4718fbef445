namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What lives on of a usage plan: found by its id, whatever else changes about it.</summary>
/// <param name="id">The plan's id.</param>
/// <param name="ordinal">Its number in the ledger.</param>
internal sealed class UsagePlanLive(string id, int ordinal)
{
    private Quota? _quota;

    public string Id { get; } = id;

    /// <summary>Its number, for the life of the process.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>Its quota as it is served now; null for none, and for a plan that is not configured.</summary>
    public Quota? Quota
    {
        get => Volatile.Read(ref _quota);
        set => Volatile.Write(ref _quota, value);
    }

    /// <summary>Whether the configuration has it.</summary>
    public bool IsConfigured { get; set; }

    /// <summary>Its rows in the ledger, oldest first. The ledger's lock.</summary>
    public List<int> Rows { get; } = [];
}

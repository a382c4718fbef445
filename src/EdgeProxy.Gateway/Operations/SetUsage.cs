using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Gateway.Operations;

/// <summary>Sets what counts as used of usage plans.</summary>
public sealed class SetUsage
{
    private readonly UsageLedger _ledger;
    private readonly TimeProvider _time;

    internal SetUsage(UsageLedger ledger, TimeProvider time)
    {
        _ledger = ledger;
        _time = time;
    }

    /// <summary>Goes on from what was kept. Before the node takes its first request; in any order.</summary>
    /// <remarks>Plans and keys that the configuration does not know (yet) are taken in as well: a reload may bring them back.</remarks>
    public void Load(IEnumerable<UsageRecord> records) => _ledger.Load(records, _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Sets how many requests a key has left in the period that runs: UpdateUsage. The next period begins with the plan's quota again.</summary>
    /// <param name="planId">The plan.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="remaining">Requests from now on; 0 or more.</param>
    /// <returns>False when there is no such plan or key, or the plan has no quota.</returns>
    public bool TrySetRemaining(string planId, string keyId, long remaining) =>
        _ledger.TrySetRemaining(planId, keyId, remaining, _time.GetUtcNow().ToUnixTimeMilliseconds());
}

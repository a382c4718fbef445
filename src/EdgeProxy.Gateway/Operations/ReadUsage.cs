using System.Globalization;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Gateway.Operations;

/// <summary>Reads what API keys used of their usage plans: at once, and as it is at this moment. Any thread; none of it holds up a request.</summary>
public sealed class ReadUsage
{
    /// <summary>Most keys of a page of <see cref="Read"/>, and most days.</summary>
    public const int MostKeys = 500;

    private readonly UsageLedger _ledger;
    private readonly TimeProvider _time;

    internal ReadUsage(UsageLedger ledger, TimeProvider time)
    {
        _ledger = ledger;
        _time = time;
    }

    /// <summary>Adds a record for each plan, key and day that changed since the last call. For whoever keeps them, once a second and at the end.</summary>
    /// <remarks>Each change is told once: what could not be kept is told again after <see cref="TellAgain"/>. One caller at a time.</remarks>
    /// <returns>How many were added.</returns>
    public int TakeChanged(ICollection<UsageRecord> into) => _ledger.TakeChanged(into, _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Counts the plan and key of a record among what changed, because the record could not be kept.</summary>
    public void TellAgain(UsageRecord record) => _ledger.MarkChanged(record.PlanId, record.KeyId);

    /// <summary>Puts days that are over where <see cref="Read"/> finds them for as long as they are kept. For whoever does not take changes: at least twice a day.</summary>
    public void CloseDays() => _ledger.Archive(_time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>What keys used of a plan from one day to another: GetUsage. Null when there is no such plan.</summary>
    /// <param name="planId">The plan.</param>
    /// <param name="start">The first day, in UTC.</param>
    /// <param name="end">The last day; not before the first.</param>
    /// <param name="keyId">The one key that is asked for; null for all.</param>
    /// <param name="position">Where the page begins: what the page before said; null for the first.</param>
    /// <param name="limit">Most keys on the page, 1 to <see cref="MostKeys"/>.</param>
    public PlanUsage? Read(string planId, DateOnly start, DateOnly end, string? keyId = null, string? position = null, int limit = 25)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(end, start);
        int from = int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out int at) ? at : 0;
        return _ledger.Read(planId, start, end, keyId, from, Math.Clamp(limit, 1, MostKeys), _time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}

using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What API keys use of usage plans, for each plan and key: live, so that counts and buckets outlast whatever changes about plans and keys.</summary>
/// <remarks>
/// <para>
/// A row for each plan and key stands in chunks that never move and hold no references. Requests find theirs through what was compiled (<see cref="CellOf"/>) and change its
/// words without a lock; everything else here is for control threads, which take one.
/// </para>
/// <para>
/// A row stays as long as its usage can be read, whether or not the configuration still has its plan and key: a key that is lost to a mistake in a file and put back has used what it
/// had used. Rows that were never used, and those whose use is forgotten, are given to others once no request can see them; so are the numbers of keys and plans that have no row.
/// They are looked for when about as many were made as there are, so that what is configured once is looked through a few times only.
/// </para>
/// </remarks>
internal sealed class UsageLedger
{
    /// <summary>How many days back usage can be read, unless it is told otherwise: as long as the service's.</summary>
    public const int DefaultDays = 90;

    // Loops read the clock in turns: by then all have noticed that a day is over.
    private const long Settling = 60_000;

    // The longest period: that far back a quota's last use can be.
    private const int LongestPeriod = 31;

    // Fewer are not worth looking for.
    private const int LeastSwept = 4096;

    // A plan has series, buckets and a place in the plans of each stage.
    private const int PlanWorth = 32;

    // Of rows that hold nothing.
    private const int NoPlan = -1;

    private readonly Lock _gate = new();
    private readonly NameTable _keys = new();
    private readonly Dictionary<string, UsagePlanLive> _plansById = new(StringComparer.Ordinal);
    private readonly List<UsagePlanLive?> _plans = [];
    private readonly UsageHistory _history;
    private readonly CounterFamily _requests;
    private UsageChunk[] _chunks = [];
    private int[] _index = new int[32];
    private int _count;
    private readonly SeenConfigurations _seen = new();
    private readonly Stack<int> _freeRows = new();
    private readonly Stack<int> _freePlans = new();
    private (int Configured, int Filed)[] _keyUses = new (int, int)[16];
    private int _configured;
    private int _made;
    private int _sweepAt = LeastSwept;
    private int _archived;
    private long _takenAt;

    /// <param name="requests">Where plans count their requests; null for nowhere.</param>
    /// <param name="historyDays">How many days back usage can be read.</param>
    public UsageLedger(CounterFamily? requests = null, int historyDays = DefaultDays)
    {
        _requests = requests ?? new GatewayMetrics(new MetricRegistry(stripes: 0)).UsagePlanRequests;
        _history = new UsageHistory(historyDays);
    }

    /// <summary>Plans and keys there are rows of.</summary>
    public int Rows
    {
        get
        {
            lock (_gate) return _count - _freeRows.Count;
        }
    }

    /// <summary>Rows there is room for, used or not, keys' numbers and plans' numbers likewise.</summary>
    internal (int Rows, int Keys, int Plans) Room
    {
        get
        {
            lock (_gate) return (_count, _keys.Count, _plans.Count);
        }
    }

    /// <summary>Where requests are counted. Any thread, for rows that were published to it.</summary>
    public UsageCell CellOf(int row) => new(Volatile.Read(ref _chunks)[row >> UsageChunk.RowBits], row & (UsageChunk.Length - 1));

    /// <summary>A key's id. Any thread, likewise.</summary>
    public ReadOnlySpan<byte> KeyId(int key) => _keys[key];

    /// <summary>The number of a key, until no configuration that a request can see has it, and no row.</summary>
    /// <param name="id">Its id, at most <see cref="NameTable.MostBytes"/>.</param>
    /// <param name="configuration">The configuration that has it.</param>
    /// <param name="isFiled">Whether it has it in a file.</param>
    public int KeyOf(ReadOnlySpan<byte> id, int configuration = 0, bool isFiled = false)
    {
        lock (_gate)
        {
            SweepIfDue();
            int key = FindOrAddKey(id);
            ref (int Configured, int Filed) use = ref _keyUses[key];
            if (isFiled) use.Filed = configuration;
            else use.Configured = configuration;
            return key;
        }
    }

    /// <summary>The number of a key; -1 when there is none with the id.</summary>
    public int FindKey(ReadOnlySpan<byte> id)
    {
        lock (_gate) return _keys.Find(id);
    }

    /// <summary>What lives on of a plan, made when it is new.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="configuration">The configuration that has it.</param>
    public UsagePlanLive PlanOf(string id, int configuration = 0)
    {
        lock (_gate)
        {
            SweepIfDue();
            UsagePlanLive plan = FindPlan(id);
            plan.Configured = configuration;
            return plan;
        }
    }

    /// <summary>Begins to take in a configuration: its rows are found by <see cref="RowOf"/>, and <see cref="Serve"/> says that it is in force.</summary>
    /// <returns>For those two.</returns>
    public int BeginConfiguration()
    {
        lock (_gate) return ++_configured;
    }

    /// <summary>The row of a plan and a key, made when it is new.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="key">The key's number.</param>
    /// <param name="configuration">The configuration that has it.</param>
    /// <param name="isFiled">Whether it has it in a file.</param>
    public int RowOf(UsagePlanLive plan, int key, int configuration, bool isFiled = false)
    {
        lock (_gate)
        {
            SweepIfDue();
            int row = FindOrAdd(plan, key);
            ref UsageRow found = ref CellOf(row).Row;
            if (isFiled) found.Filed = configuration;
            else found.Configured = configuration;
            return row;
        }
    }

    /// <summary>Says which plans are in force from now on, and with which quotas.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="plans">Its plans.</param>
    /// <param name="filed">The one whose keys of files it goes on with; 0 for none.</param>
    /// <param name="keys">Its keys, by which requests find rows; null where none does.</param>
    public void Serve(int configuration, IReadOnlyList<(UsagePlanLive Plan, Quota? Quota)> plans, int filed = 0, KeyTable? keys = null)
    {
        lock (_gate)
        {
            _seen.Serve(configuration, filed == 0 ? configuration : filed, keys);
            foreach (UsagePlanLive? plan in _plans)
            {
                if (plan is not null) (plan.IsConfigured, plan.Quota) = (false, null);
            }

            foreach ((UsagePlanLive plan, Quota? quota) in plans) (plan.IsConfigured, plan.Quota) = (true, quota);
            foreach (UsagePlanLive? plan in _plans)
            {
                if (plan is { IsConfigured: false }) plan.KeepBuckets(static _ => false);
            }
        }
    }

    /// <summary>Adds a record for each plan, key and day that changed since the last call.</summary>
    public int TakeChanged(ICollection<UsageRecord> into, long unixMilliseconds)
    {
        lock (_gate)
        {
            Archive(unixMilliseconds);
            int before = into.Count;
            for (int chunk = 0; chunk < _chunks.Length; chunk++)
            {
                for (int word = 0; word < UsageChunk.MarkWords; word++)
                {
                    for (ulong marks = _chunks[chunk].TakeMarks(word); marks != 0; marks &= marks - 1)
                    {
                        Tell((chunk << UsageChunk.RowBits) | (word << 6) | BitOperations.TrailingZeroCount(marks), into);
                    }
                }
            }

            _takenAt = unixMilliseconds;
            return into.Count - before;
        }
    }

    /// <summary>Has a row told again by <see cref="TakeChanged"/>.</summary>
    public void MarkChanged(string planId, string keyId)
    {
        lock (_gate)
        {
            if (TryFind(planId, keyId, out int row)) _chunks[row >> UsageChunk.RowBits].Mark(row & (UsageChunk.Length - 1));
        }
    }

    /// <summary>Goes on from records that were kept.</summary>
    public void Load(IEnumerable<UsageRecord> records, long unixMilliseconds)
    {
        lock (_gate)
        {
            int today = UsageDay.Of(unixMilliseconds);
            foreach (UsageRecord record in records)
            {
                if (Encoding.UTF8.GetByteCount(record.KeyId) > NameTable.MostBytes) continue;
                SweepIfDue();
                int row = FindOrAdd(FindPlan(record.PlanId), FindOrAddKey(Encoding.UTF8.GetBytes(record.KeyId)));
                Load(ref CellOf(row).Row, row, record, UsageDay.Of(record.Day), today);
            }

            _history.Seal(today);
            _archived = Math.Max(_archived, today - 2);
        }
    }

    /// <summary>UpdateUsage.</summary>
    public bool TrySetRemaining(string planId, string keyId, long remaining, long unixMilliseconds)
    {
        lock (_gate)
        {
            if (!TryFind(planId, keyId, out int row) || _plansById[planId].Quota is not { } quota) return false;
            CellOf(row).SetRemaining(quota, UsageDay.Of(unixMilliseconds), Math.Max(0, remaining));
            return true;
        }
    }

    /// <summary>GetUsage.</summary>
    public PlanUsage? Read(string planId, DateOnly start, DateOnly end, string? keyId, int from, int limit, long unixMilliseconds)
    {
        lock (_gate)
        {
            if (!_plansById.TryGetValue(planId, out UsagePlanLive? plan) || !plan.IsConfigured) return null;
            Archive(unixMilliseconds);
            var keys = new List<KeyUsage>();
            if (keyId is not null)
            {
                if (TryFind(planId, keyId, out int row)) AddKey(row, plan, start, end, keys);
                return new PlanUsage(planId, start, end, keys, null);
            }

            int at = from;
            for (; at < plan.Rows.Count && keys.Count < limit; at++) AddKey(plan.Rows[at], plan, start, end, keys);
            return new PlanUsage(planId, start, end, keys, at < plan.Rows.Count ? at.ToString(CultureInfo.InvariantCulture) : null);
        }
    }

    /// <summary>Puts the days that are over where they stay. At least once a day, or they are forgotten.</summary>
    public void Archive(long unixMilliseconds)
    {
        lock (_gate)
        {
            int last = UsageDay.Of(unixMilliseconds - Settling) - 1;
            if (last <= _archived) return;
            for (int number = 0; number < _count; number++)
            {
                ref readonly UsageRow row = ref CellOf(number).Row;
                Archive(number, row.EvenDay, last);
                Archive(number, row.OddDay, last);
            }

            _archived = last;
            _history.Seal(last + 1);
        }
    }

    private void Archive(int row, long word, int last)
    {
        int day = DayCount.DayOf(word);
        if (day > _archived && day <= last) _history.Add(day, row, DayCount.UsedOf(word), RemainingOf(row, word));
    }

    private void Tell(int row, ICollection<UsageRecord> into)
    {
        long even = Volatile.Read(ref CellOf(row).Row.EvenDay);
        long odd = Volatile.Read(ref CellOf(row).Row.OddDay);
        (long older, long newer) = even < odd ? (even, odd) : (odd, even);

        // The day before may have been counted on after the last time it was told.
        if (older != 0 && EndOf(older) > _takenAt - Settling) into.Add(RecordOf(row, older));
        if (newer != 0) into.Add(RecordOf(row, newer));
    }

    private static long EndOf(long word) => (DayCount.DayOf(word) + 1) * 86_400_000L;

    private UsageRecord RecordOf(int number, long word)
    {
        ref readonly UsageRow row = ref CellOf(number).Row;
        UsagePlanLive plan = _plans[row.Plan]!;
        QuotaPeriod kind = plan.Quota is { } quota ? quota.Period : QuotaCount.KindOf(row.Quota);
        return new UsageRecord(
            plan.Id, _keys.TextOf(row.Key), UsageDay.ToDate(DayCount.DayOf(word)), DayCount.UsedOf(word), RemainingOf(number, word), kind, CountedBy(row, word, kind));
    }

    private long RemainingOf(int number, long word)
    {
        ref readonly UsageRow row = ref CellOf(number).Row;
        return _plans[row.Plan]!.Quota is { } quota ? Math.Max(0, quota.Limit - CountedBy(row, word, quota.Period)) : -1;
    }

    // What counted against the quota by the end of a day: what counts by now, or did at the end of the period, less what came after the day.
    private static long CountedBy(in UsageRow row, long word, QuotaPeriod kind)
    {
        if (kind == QuotaPeriod.None) return 0;
        int day = DayCount.DayOf(word);
        int period = Quota.PeriodOf(kind, day);
        long other = DayCount.DayOf(row.EvenDay) == day ? row.OddDay : row.EvenDay;
        long after = DayCount.DayOf(other) > day && Quota.PeriodOf(kind, DayCount.DayOf(other)) == period ? DayCount.UsedOf(other) : 0;
        if (QuotaCount.PeriodOf(row.Quota) == period) return QuotaCount.CountedOf(row.Quota) - after;
        if (QuotaCount.PeriodOf(row.ClosedQuota) == period) return QuotaCount.CountedOf(row.ClosedQuota) - after;
        return DayCount.UsedOf(word);
    }

    private void Load(ref UsageRow row, int number, UsageRecord record, int day, int today)
    {
        if (day >= today - 1)
        {
            ref long slot = ref (day & 1) == 0 ? ref row.EvenDay : ref row.OddDay;
            if (DayCount.DayOf(slot) <= day) slot = DayCount.Pack(day, record.Used);
        }
        else
        {
            _history.Add(day, number, record.Used, record.Remaining);
        }

        if (record.Period is not (QuotaPeriod.Day or QuotaPeriod.Week or QuotaPeriod.Month)) return;
        long word = QuotaCount.Pack(Quota.PeriodOf(record.Period, day), record.Counted);

        // The last day of a period has all of it; records come in any order, and a plan's quota may once have been of another kind.
        if (day < row.LoadedDay) return;
        row.LoadedDay = day;
        if (row.Quota != 0 && QuotaCount.PeriodOf(row.Quota) != QuotaCount.PeriodOf(word)) row.ClosedQuota = row.Quota;
        row.Quota = word;
    }

    private void AddKey(int row, UsagePlanLive plan, DateOnly start, DateOnly end, List<KeyUsage> keys)
    {
        ref readonly UsageRow found = ref CellOf(row).Row;
        if (IsInForce(found)) keys.Add(new KeyUsage(_keys.TextOf(found.Key), DaysOf(row, plan, UsageDay.Of(start), UsageDay.Of(end))));
    }

    // Of what a refused configuration had last nobody knows what the one in force has: it counts as in force.
    private bool IsInForce(in UsageRow row) => row.Configured >= _seen.Configured || row.Filed >= _seen.Filed;

    private DayUsage[] DaysOf(int row, UsagePlanLive plan, int start, int end)
    {
        var days = new DayUsage[end - start + 1];
        Quota? quota = plan.Quota;
        int lastPeriod = -1;
        long left = -1;
        for (int day = Math.Max(1, start - LongestPeriod); day <= end; day++)
        {
            if (quota is not null && quota.PeriodOf(day) != lastPeriod) (lastPeriod, left) = (quota.PeriodOf(day), quota.Limit);
            long used = 0;
            if (TryFindDay(row, day, out long found, out long remaining))
            {
                used = found;
                if (quota is not null) left = remaining;
            }

            if (day >= start) days[day - start] = new DayUsage(used, left);
        }

        return days;
    }

    private bool TryFindDay(int number, int day, out long used, out long remaining)
    {
        ref readonly UsageRow row = ref CellOf(number).Row;
        long word = (day & 1) == 0 ? row.EvenDay : row.OddDay;
        if (DayCount.DayOf(word) != day) return _history.TryFind(day, number, out used, out remaining);
        used = DayCount.UsedOf(word);
        remaining = RemainingOf(number, word);
        return true;
    }

    private UsagePlanLive FindPlan(string id)
    {
        if (_plansById.TryGetValue(id, out UsagePlanLive? plan)) return plan;
        plan = new UsagePlanLive(id, _freePlans.TryPop(out int free) ? free : _plans.Count, _requests);
        if (plan.Ordinal == _plans.Count) _plans.Add(plan);
        else _plans[plan.Ordinal] = plan;
        _plansById.Add(id, plan);
        _made += PlanWorth;
        return plan;
    }

    private int FindOrAddKey(ReadOnlySpan<byte> id)
    {
        int before = _keys.Count;
        int key = _keys.Add(id);
        if (_keys.Count > before) _made++;
        if (key >= _keyUses.Length) Array.Resize(ref _keyUses, Math.Max(key + 1, _keyUses.Length * 2));
        return key;
    }

    private bool TryFind(string planId, string keyId, out int row)
    {
        row = -1;
        if (!_plansById.TryGetValue(planId, out UsagePlanLive? plan)) return false;
        int key = _keys.Find(Encoding.UTF8.GetBytes(keyId));
        row = key < 0 ? -1 : Find(plan.Ordinal, key, out _);
        return row >= 0;
    }

    private int FindOrAdd(UsagePlanLive plan, int key)
    {
        int known = Find(plan.Ordinal, key, out uint slot);
        if (known >= 0) return known;
        if (!_freeRows.TryPop(out int row))
        {
            row = _count++;
            _made++;
            if (row >> UsageChunk.RowBits == _chunks.Length)
            {
                var chunks = new UsageChunk[_chunks.Length + 1];
                _chunks.CopyTo(chunks, 0);
                chunks[^1] = new UsageChunk();
                Volatile.Write(ref _chunks, chunks);
            }
        }

        ref UsageRow made = ref CellOf(row).Row;
        (made.Plan, made.Key, made.Ordinal) = (plan.Ordinal, key, plan.TakeOrdinal());
        plan.Rows.Add(row);
        if (_count * 2 > _index.Length) Rehash(_index.Length * 2);
        else _index[slot] = row + 1;
        return row;
    }

    private int Find(int plan, int key, out uint slot)
    {
        uint mask = (uint)(_index.Length - 1);
        for (slot = SlotOf(plan, key) & mask; ; slot = (slot + 1) & mask)
        {
            int row = _index[slot] - 1;
            if (row < 0) return -1;
            ref readonly UsageRow found = ref CellOf(row).Row;
            if (found.Plan == plan && found.Key == key) return row;
        }
    }

    private void Rehash(int length)
    {
        _index = new int[length];
        for (int row = 0; row < _count; row++)
        {
            ref readonly UsageRow known = ref CellOf(row).Row;
            if (known.Plan == NoPlan) continue;
            Find(known.Plan, known.Key, out uint slot);
            _index[slot] = row + 1;
        }
    }

    // Before anything is made, never in between: whatever was made for the configuration that is read has its number already.
    private void SweepIfDue()
    {
        if (_made < _sweepAt) return;
        (int configured, int filed) = _seen.Oldest();
        SweepRows(configured, filed);
        SweepKeys(configured, filed);
        SweepPlans(configured);
        _made = 0;
        _sweepAt = Math.Max(LeastSwept, _count - _freeRows.Count);
    }

    private void SweepRows(int configured, int filed)
    {
        var kept = new BitArray(_count);
        _history.Mark(kept);
        int before = _freeRows.Count;
        var touched = new HashSet<UsagePlanLive>(ReferenceEqualityComparer.Instance);
        for (int number = 0; number < _count; number++)
        {
            ref UsageRow row = ref CellOf(number).Row;
            if (row.Plan == NoPlan || kept[number] || row.Configured >= configured || row.Filed >= filed || IsRemembered(row)) continue;
            UsagePlanLive plan = _plans[row.Plan]!;
            plan.GiveOrdinal(row.Ordinal);
            touched.Add(plan);
            _chunks[number >> UsageChunk.RowBits].Clear(number & (UsageChunk.Length - 1));
            row.Plan = NoPlan;
            _freeRows.Push(number);
        }

        if (_freeRows.Count == before) return;
        foreach (UsagePlanLive plan in touched) plan.Rows.RemoveAll(number => CellOf(number).Row.Plan != plan.Ordinal);
        Rehash(_index.Length);
    }

    // What was used in a quota's longest period may count still, and the last days are not told of before they are over.
    private bool IsRemembered(in UsageRow row) =>
        (row.EvenDay | row.OddDay) != 0 && Math.Max(DayCount.DayOf(row.EvenDay), DayCount.DayOf(row.OddDay)) + LongestPeriod > _archived;

    private void SweepKeys(int configured, int filed)
    {
        var kept = new BitArray(_keys.Count);
        for (int number = 0; number < _count; number++)
        {
            ref readonly UsageRow row = ref CellOf(number).Row;
            if (row.Plan != NoPlan) kept[row.Key] = true;
        }

        _keys.RemoveAll(key => !kept[key] && _keyUses[key].Configured < configured && _keyUses[key].Filed < filed);
    }

    private void SweepPlans(int configured)
    {
        for (int ordinal = 0; ordinal < _plans.Count; ordinal++)
        {
            if (_plans[ordinal] is not { Rows.Count: 0 } plan || plan.Configured >= configured) continue;
            _plans[ordinal] = null;
            _freePlans.Push(ordinal);
            _plansById.Remove(plan.Id);
            plan.Forget(_requests);
        }
    }

    // Both are small numbers of ours: nobody can choose them so that they meet.
    private static uint SlotOf(int plan, int key) => (uint)(((((ulong)(uint)plan << 32) | (uint)key) * 0x9E3779B97F4A7C15) >> 32);
}

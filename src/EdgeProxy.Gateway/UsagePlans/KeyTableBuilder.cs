namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>Fills a <see cref="KeyTable"/>. One thread.</summary>
/// <param name="ledger">Where rows are made.</param>
/// <param name="configuration">Of <see cref="UsageLedger.BeginConfiguration"/>.</param>
/// <param name="under">The table of other keys that this one lies over; null for none.</param>
/// <param name="isFiled">Whether it is of files, so that its rows stay when a table over it is made anew.</param>
internal sealed class KeyTableBuilder(UsageLedger ledger, int configuration, KeyTable? under = null, bool isFiled = false)
{
    private readonly KeyedHash _hash = under?.Hash ?? KeyedHash.Create();
    private readonly HashSet<int> _hidden = [];
    private readonly List<int> _rows = [];
    private ApiKeyRecord[] _keys = new ApiKeyRecord[16];
    private int[] _index = new int[32];
    private int[] _numbersByKey = [];
    private int _count;

    /// <summary>Keys so far.</summary>
    public int Count => _count;

    /// <summary>Adds a key, or gives one with the same value another id, state and plans, as an import of keys does.</summary>
    /// <param name="value">Its value: <see cref="KeyTable.LeastValue"/> to <see cref="KeyTable.MostValue"/> bytes.</param>
    /// <param name="id">Its id.</param>
    /// <param name="isEnabled">Whether it opens anything.</param>
    /// <param name="plans">The plans it is in.</param>
    /// <returns>False when another value has the id: then nothing is changed.</returns>
    public bool TryAdd(ReadOnlySpan<byte> value, ReadOnlySpan<byte> id, bool isEnabled, ReadOnlySpan<UsagePlanLive> plans)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value.Length, KeyTable.LeastValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, KeyTable.MostValue);
        (ulong low, ulong high) = _hash.Of(value);
        int number = Find(low, high, out uint slot);
        int key = ledger.KeyOf(id, configuration, isFiled);
        if (NumberOf(key) is var holder && holder >= 0 && holder != number) return false;
        int hidden = under?.Find(low, high) ?? -1;
        if (under?.NumberOf(key) is { } beneath && beneath >= 0 && beneath != hidden && !_hidden.Contains(beneath)) return false;
        if (hidden >= 0) _hidden.Add(hidden);
        if (number < 0)
        {
            number = _count++;
            if (number == _keys.Length) Array.Resize(ref _keys, _count * 2);
            (_keys[number].DigestLow, _keys[number].DigestHigh) = (low, high);
            if (_count * 2 > _index.Length) Rehash();
            else _index[slot] = number + 1;
        }
        else
        {
            _numbersByKey[_keys[number].Key] = 0;
        }

        Remember(key, number);
        ref ApiKeyRecord made = ref _keys[number];
        (made.Key, made.IsEnabled, made.Plans) = (key, isEnabled, (short)plans.Length);
        if (plans.Length == 1)
        {
            made.Row = ledger.RowOf(plans[0], key, configuration, isFiled);
            return true;
        }

        made.Row = (under?.Rows ?? 0) + _rows.Count;
        foreach (UsagePlanLive plan in plans) _rows.Add(ledger.RowOf(plan, key, configuration, isFiled));
        return true;
    }

    public KeyTable Build() => _count == 0 && under is not null ? under : new(_keys, _count, _index, [.. _rows], _hash, under is null ? _numbersByKey : null, under, _hidden.Count) { IsFiled = isFiled };

    private int Find(ulong low, ulong high, out uint slot)
    {
        uint mask = (uint)(_index.Length - 1);
        for (slot = (uint)low & mask; ; slot = (slot + 1) & mask)
        {
            int number = _index[slot] - 1;
            if (number < 0 || KeyTable.IsSame(_keys[number], low, high)) return number;
        }
    }

    private void Rehash()
    {
        _index = new int[_index.Length * 2];
        for (int number = 0; number < _count; number++)
        {
            Find(_keys[number].DigestLow, _keys[number].DigestHigh, out uint slot);
            _index[slot] = number + 1;
        }
    }

    private int NumberOf(int key) => key < _numbersByKey.Length ? _numbersByKey[key] - 1 : -1;

    private void Remember(int key, int number)
    {
        if (key >= _numbersByKey.Length) Array.Resize(ref _numbersByKey, Math.Max(key + 1, _numbersByKey.Length * 2));
        _numbersByKey[key] = number + 1;
    }
}

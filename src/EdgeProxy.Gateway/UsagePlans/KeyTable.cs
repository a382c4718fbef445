namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>The node's API keys, found by value in constant time. Immutable.</summary>
/// <remarks>
/// <para>
/// It holds no value, only what a keyed hash with a secret of this table's own makes of it. Where a search begins, how long it is and what it compares depends on the secret alone: how
/// long an answer takes tells nobody how much of a guess was right. The digests themselves are compared whole.
/// </para>
/// <para>
/// Keys of files are in a table of their own, made once for a configuration, under that of the keys which calls make and change: a million of the former cost a change of the latter nothing.
/// A key of the upper table hides one below it that has its value.
/// </para>
/// <para>40 bytes and the id for each key: a million fit into 50 MB, with their rows in the ledger into 150 MB.</para>
/// </remarks>
internal sealed class KeyTable
{
    /// <summary>Shortest value of a key, in characters (rest-api.md 9.1).</summary>
    public const int LeastValue = 20;

    /// <summary>Longest value of a key, in characters.</summary>
    public const int MostValue = 128;

    private readonly ApiKeyRecord[] _keys;
    private readonly int _count;
    private readonly int[] _index;
    private readonly int[] _rows;
    private readonly int[] _numbersByKey;
    private readonly KeyTable? _under;

    internal KeyTable(ApiKeyRecord[] keys, int count, int[] index, int[] rows, KeyedHash hash, int[]? numbersByKey = null, KeyTable? under = null, int hidden = 0)
    {
        _keys = keys;
        _count = count;
        _index = index;
        _rows = rows;
        _numbersByKey = numbersByKey ?? [];
        _under = under;
        Hash = hash;
        Count = count + (under?.Count ?? 0) - hidden;
    }

    /// <summary>The table of a node without keys.</summary>
    public static KeyTable Empty { get; } = new([], 0, [0], [], KeyedHash.Create());

    /// <summary>Keys in it.</summary>
    public int Count { get; }

    /// <summary>The number of the key with a value; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> value)
    {
        // Hashing what can be no key would cost by the length that a client chose.
        if (value.Length is < LeastValue or > MostValue) return -1;
        (ulong low, ulong high) = Hash.Of(value);
        return Find(low, high);
    }

    public ref readonly ApiKeyRecord this[int number] => ref number < _count ? ref _keys[number] : ref _under!._keys[number - _count];

    /// <summary>The rows of the plans that a key is in.</summary>
    public ReadOnlySpan<int> RowsOf(ref readonly ApiKeyRecord key)
    {
        if (key.Plans == 1) return new ReadOnlySpan<int>(in key.Row);
        int before = _under?._rows.Length ?? 0;
        return key.Row < before ? _under!._rows.AsSpan(key.Row, key.Plans) : _rows.AsSpan(key.Row - before, key.Plans);
    }

    /// <summary>Whether it has keys of files alone.</summary>
    internal bool IsFiled { get; init; }

    /// <summary>What values are hashed with; a table over another has the same.</summary>
    internal KeyedHash Hash { get; }

    /// <summary>Where the rows of keys in several plans begin that a table over this one adds.</summary>
    internal int Rows => _rows.Length;

    internal int Find(ulong low, ulong high)
    {
        uint mask = (uint)(_index.Length - 1);
        for (uint slot = (uint)low & mask; ; slot = (slot + 1) & mask)
        {
            int number = _index[slot] - 1;
            if (number >= 0 && !IsSame(_keys[number], low, high)) continue;
            if (number >= 0 || _under is null) return number;
            int under = _under.Find(low, high);
            return under < 0 ? -1 : _count + under;
        }
    }

    /// <summary>The number of the key with an id, in the ledger's names; -1 when there is none. Of a table over no other.</summary>
    internal int NumberOf(int key) => (uint)key < (uint)_numbersByKey.Length ? _numbersByKey[key] - 1 : -1;

    // Both halves always, without a branch in between.
    internal static bool IsSame(in ApiKeyRecord key, ulong low, ulong high) => ((key.DigestLow ^ low) | (key.DigestHigh ^ high)) == 0;
}

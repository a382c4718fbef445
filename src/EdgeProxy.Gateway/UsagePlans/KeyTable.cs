namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>The node's API keys, found by value in constant time. Immutable.</summary>
/// <remarks>
/// <para>
/// It holds no value, only what a keyed hash with a secret of this table's own makes of it. Where a search begins, how long it is and what it compares depends on the secret alone: how
/// long an answer takes tells nobody how much of a guess was right. The digests themselves are compared whole.
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
    private readonly int[] _index;
    private readonly int[] _rows;
    private readonly KeyedHash _hash;

    internal KeyTable(ApiKeyRecord[] keys, int count, int[] index, int[] rows, KeyedHash hash)
    {
        _keys = keys;
        Count = count;
        _index = index;
        _rows = rows;
        _hash = hash;
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
        (ulong low, ulong high) = _hash.Of(value);
        uint mask = (uint)(_index.Length - 1);
        for (uint slot = (uint)low & mask; ; slot = (slot + 1) & mask)
        {
            int number = _index[slot] - 1;
            if (number < 0 || IsSame(_keys[number], low, high)) return number;
        }
    }

    public ref readonly ApiKeyRecord this[int number] => ref _keys[number];

    /// <summary>The rows of the plans that a key is in.</summary>
    public ReadOnlySpan<int> RowsOf(ref readonly ApiKeyRecord key) => key.Plans == 1 ? new ReadOnlySpan<int>(in key.Row) : _rows.AsSpan(key.Row, key.Plans);

    // Both halves always, without a branch in between.
    internal static bool IsSame(in ApiKeyRecord key, ulong low, ulong high) => ((key.DigestLow ^ low) | (key.DigestHigh ^ high)) == 0;
}

namespace EdgeProxy.Templates.Execution;

/// <summary>A map of a run that keeps the order in which its keys came; pooled by <see cref="Memory"/>, which also compares the keys.</summary>
internal sealed class VtlMap
{
    /// <summary>Up to here a scan beats a table.</summary>
    public const int ScanLimit = 8;

    private const int Kept = 4096;

    // One more than the position; 0 is free. Open addressing, at most half full.
    private int[] _table = [];

    public Value[] Keys { get; private set; } = new Value[8];

    public Value[] Values { get; private set; } = new Value[8];

    public int[] Hashes { get; private set; } = new int[8];

    public int Count { get; private set; }

    public void Reset()
    {
        Clear();
        if (Keys.Length <= Kept) return;
        Keys = new Value[8];
        Values = new Value[8];
        Hashes = new int[8];
        _table = [];
    }

    public void Clear()
    {
        if (Count > ScanLimit) Array.Clear(_table);
        Count = 0;
    }

    /// <summary>The first position that may hold a key of that hash, or -1; go on with <see cref="Next"/>.</summary>
    public int First(int hash, out int probe)
    {
        probe = Count > ScanLimit ? hash & (_table.Length - 1) : 0;
        return Next(hash, ref probe);
    }

    public int Next(int hash, ref int probe)
    {
        if (Count <= ScanLimit)
        {
            for (; probe < Count; probe++)
            {
                if (Hashes[probe] == hash) return probe++;
            }

            return -1;
        }

        int mask = _table.Length - 1;
        for (; _table[probe] != 0; probe = (probe + 1) & mask)
        {
            int position = _table[probe] - 1;
            if (Hashes[position] != hash) continue;
            probe = (probe + 1) & mask;
            return position;
        }

        return -1;
    }

    /// <summary>Adds a key that is not there.</summary>
    public void Add(Value key, int hash, Value value)
    {
        if (Count == Keys.Length)
        {
            Keys = Grown(Keys);
            Values = Grown(Values);
            Hashes = Grown(Hashes);
        }

        Keys[Count] = key;
        Values[Count] = value;
        Hashes[Count] = hash;
        Count++;
        if (Count <= ScanLimit) return;
        if (Count == ScanLimit + 1 || Count * 2 > _table.Length) Index();
        else Enter(Count - 1);
    }

    public void RemoveAt(int position)
    {
        bool indexed = Count > ScanLimit;
        Keys.AsSpan(position + 1, Count - position - 1).CopyTo(Keys.AsSpan(position));
        Values.AsSpan(position + 1, Count - position - 1).CopyTo(Values.AsSpan(position));
        Hashes.AsSpan(position + 1, Count - position - 1).CopyTo(Hashes.AsSpan(position));
        Count--;
        if (Count > ScanLimit) Index();
        else if (indexed) Array.Clear(_table);
    }

    private void Index()
    {
        if (_table.Length < Count * 2) _table = new int[Math.Max(32, Keys.Length * 4)];
        else Array.Clear(_table);
        for (int i = 0; i < Count; i++) Enter(i);
    }

    private void Enter(int position)
    {
        int mask = _table.Length - 1;
        int slot = Hashes[position] & mask;
        while (_table[slot] != 0) slot = (slot + 1) & mask;
        _table[slot] = position + 1;
    }

    private static T[] Grown<T>(T[] items)
    {
        var larger = new T[items.Length * 2];
        items.CopyTo(larger, 0);
        return larger;
    }
}

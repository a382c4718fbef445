namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>A stretch of the ledger's rows, and which of them changed since they were last told of.</summary>
internal sealed class UsageChunk
{
    public const int RowBits = 12;
    public const int Length = 1 << RowBits;

    private readonly UsageRow[] _rows = new UsageRow[Length];
    private readonly ulong[] _changed = new ulong[Length / 64];

    public ref UsageRow this[int index] => ref _rows[index];

    /// <summary>Notes a change. After it: whoever takes the note then sees what it is about.</summary>
    public void Mark(int index)
    {
        ref ulong word = ref _changed[index >> 6];
        ulong bit = 1UL << index;
        if ((Volatile.Read(ref word) & bit) == 0) Interlocked.Or(ref word, bit);
    }

    /// <summary>Makes a row anew whose key is gone. Nobody uses it.</summary>
    public void Clear(int index)
    {
        _rows[index] = default;
        Interlocked.And(ref _changed[index >> 6], ~(1UL << index));
    }

    /// <summary>Takes the notes of 64 rows.</summary>
    public ulong TakeMarks(int word) => Volatile.Read(ref _changed[word]) == 0 ? 0 : Interlocked.Exchange(ref _changed[word], 0);

    /// <summary>Words of notes.</summary>
    public static int MarkWords => Length / 64;
}

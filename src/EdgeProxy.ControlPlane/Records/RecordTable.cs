namespace EdgeProxy.ControlPlane.Records;

/// <summary>The records of one kind in one scope, in the order of their keys (ordinal). Immutable.</summary>
internal sealed class RecordTable(string kind, Record[] records)
{
    public string Kind { get; } = kind;

    public Record[] Records { get; } = records;

    public Record? Find(string key)
    {
        int index = IndexOf(Records, Records.Length, key);
        return index < 0 ? null : Records[index];
    }

    /// <summary>Where a key is; below 0 when it is not there.</summary>
    public int IndexOf(ReadOnlySpan<char> key)
    {
        int low = 0;
        int high = Records.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Records[middle].Key.AsSpan().SequenceCompareTo(key);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    /// <summary>Where a key is; the complement of where it would be when it is not there.</summary>
    public static int IndexOf(Record[] records, int count, string key)
    {
        int low = 0;
        int high = count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(records[middle].Key, key);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>A bucket for each key of a plan, by the key's row in it. Live; made in stretches, when the first key of one calls.</summary>
internal sealed class KeyBuckets
{
    private const int Bits = 10;
    private const int Length = 1 << Bits;

    private readonly Lock _gate = new();
    private long[]?[] _stretches = [];

    public ref long this[int row]
    {
        get
        {
            long[]?[] stretches = Volatile.Read(ref _stretches);
            int at = row >> Bits;
            long[] stretch = (at < stretches.Length ? Volatile.Read(ref stretches[at]) : null) ?? Make(at);
            return ref stretch[row & (Length - 1)];
        }
    }

    /// <summary>Fills a bucket whose key is gone, for the next one that has its row. Nobody uses it.</summary>
    public void Clear(int row)
    {
        long[]?[] stretches = Volatile.Read(ref _stretches);
        int at = row >> Bits;
        if (at < stretches.Length && stretches[at] is { } stretch) Volatile.Write(ref stretch[row & (Length - 1)], 0);
    }

    private long[] Make(int at)
    {
        lock (_gate)
        {
            if (at >= _stretches.Length)
            {
                var longer = new long[]?[Math.Max(at + 1, _stretches.Length * 2)];
                _stretches.CopyTo(longer, 0);
                Volatile.Write(ref _stretches, longer);
            }

            if (_stretches[at] is { } made) return made;
            long[] stretch = new long[Length];
            Volatile.Write(ref _stretches[at], stretch);
            return stretch;
        }
    }
}

namespace EdgeProxy.Templates.Execution;

/// <summary>A list of a run; pooled by <see cref="Memory"/>.</summary>
internal sealed class VtlList
{
    private const int Kept = 4096;

    public Value[] Items { get; private set; } = new Value[8];

    public int Count { get; private set; }

    /// <summary>Whether it came from JSON and so writes itself as JSON.</summary>
    public bool IsJson { get; set; }

    /// <summary>Where an iterator over it stands.</summary>
    public int Cursor { get; set; }

    public ReadOnlySpan<Value> Span => Items.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Reset()
    {
        Count = 0;
        Cursor = 0;
        IsJson = false;
        if (Items.Length > Kept) Items = new Value[8];
    }

    public void Insert(int index, Value value)
    {
        if (Count == Items.Length)
        {
            var larger = new Value[Count * 2];
            Span.CopyTo(larger);
            Items = larger;
        }

        Items.AsSpan(index, Count - index).CopyTo(Items.AsSpan(index + 1));
        Items[index] = value;
        Count++;
    }

    public void RemoveAt(int index)
    {
        Items.AsSpan(index + 1, Count - index - 1).CopyTo(Items.AsSpan(index));
        Count--;
    }
}

namespace EdgeProxy.Http.Messages;

/// <summary>One name and value of a query, still coded.</summary>
/// <remarks>Borrows the query it came from.</remarks>
public readonly ref struct QueryPair(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>Empty also when there was no equals sign (specification rest-api.md 1.4).</summary>
    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>Walks the raw name and value pairs of a query in order; <c>&amp;</c> and <c>;</c> part them (specification rest-api.md 1.4).</summary>
/// <remarks>Borrows the query; nothing it yields outlives it. Empty parts are skipped. Use with <c>foreach</c>.</remarks>
public ref struct QueryReader(ReadOnlySpan<byte> query)
{
    private ReadOnlySpan<byte> _rest = query;

    public QueryPair Current { get; private set; }

    public readonly QueryReader GetEnumerator() => this;

    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            int end = _rest.IndexOfAny((byte)'&', (byte)';');
            ReadOnlySpan<byte> part = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (part.IsEmpty) continue;

            int equals = part.IndexOf((byte)'=');
            Current = equals < 0 ? new QueryPair(part, default) : new QueryPair(part[..equals], part[(equals + 1)..]);
            return true;
        }

        return false;
    }
}

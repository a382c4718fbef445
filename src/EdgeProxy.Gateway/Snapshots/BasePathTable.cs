namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The stages behind one host, by base path: the longest that is a prefix of the request's path on whole segments wins (rest-api.md 1.3).</summary>
internal sealed class BasePathTable
{
    private readonly (byte[] Prefix, StagePlan Stage)[] _longestFirst;

    /// <param name="mappings">Base paths without slashes at their ends (<c>orders/v1</c>, or empty for all that no other takes), and their stages.</param>
    /// <exception cref="ArgumentException">A base path comes twice.</exception>
    public BasePathTable(IEnumerable<(Utf8Text BasePath, StagePlan Stage)> mappings)
    {
        var made = new List<(byte[] Prefix, StagePlan Stage)>();
        foreach ((Utf8Text basePath, StagePlan stage) in mappings)
        {
            ReadOnlySpan<byte> inner = basePath.Span.Trim((byte)'/');
            byte[] prefix = inner.IsEmpty ? [] : [(byte)'/', .. inner];
            foreach ((byte[] other, _) in made)
            {
                if (prefix.AsSpan().SequenceEqual(other)) throw new ArgumentException($"The base path '{basePath}' comes twice.", nameof(mappings));
            }

            made.Add((prefix, stage));
        }

        made.Sort(static (a, b) => b.Prefix.Length.CompareTo(a.Prefix.Length));
        _longestFirst = [.. made];
    }

    public static BasePathTable Empty { get; } = new([]);

    /// <summary>Base paths with their first slash (empty for all that no other takes), in the order in which they are tried.</summary>
    public IReadOnlyList<(byte[] Prefix, StagePlan Stage)> LongestFirst => _longestFirst;

    public int Count => _longestFirst.Length;

    /// <summary>Finds the stage for a raw path; leading slashes beyond the first do not count.</summary>
    /// <param name="path">The raw path.</param>
    /// <param name="length">Bytes of the path that are base path, slashes before it included.</param>
    public StagePlan? Find(ReadOnlySpan<byte> path, out int length)
    {
        int skipped = 0;
        while (skipped + 1 < path.Length && path[skipped] == '/' && path[skipped + 1] == '/') skipped++;
        ReadOnlySpan<byte> rest = path[skipped..];
        foreach ((byte[] prefix, StagePlan stage) in _longestFirst)
        {
            if (!IsPrefix(prefix, rest)) continue;
            length = prefix.Length == 0 ? 0 : skipped + prefix.Length;
            return stage;
        }

        length = 0;
        return null;
    }

    /// <summary>Whether a base path with its first slash begins a path, on whole segments.</summary>
    public static bool IsPrefix(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> path) =>
        path.StartsWith(prefix) && (prefix.IsEmpty || path.Length == prefix.Length || path[prefix.Length] == '/');
}

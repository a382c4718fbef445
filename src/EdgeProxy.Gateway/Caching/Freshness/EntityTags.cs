namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Entity tags (RFC 9110, 8.8.3): <c>"xyzzy"</c>, or weak <c>W/"xyzzy"</c>.</summary>
internal static class EntityTags
{
    /// <summary>Whether the text is one tag and nothing else.</summary>
    public static bool IsTag(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> opaque = WithoutWeak(text);
        return opaque.Length >= 2 && opaque[0] == (byte)'"' && opaque[1..].IndexOf((byte)'"') == opaque.Length - 2;
    }

    /// <summary>Whether the text begins as a weak tag does, in case: <c>W/</c> and no other.</summary>
    public static bool IsWeak(ReadOnlySpan<byte> tag) => tag.StartsWith("W/"u8);

    /// <summary>Weak comparison (8.8.3.2): the same opaque tag, be either weak.</summary>
    public static bool Matches(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => WithoutWeak(left).SequenceEqual(WithoutWeak(right));

    /// <summary>Whether a list of tags, or <c>*</c>, has the tag, by weak comparison. A list that is malformed from somewhere on counts up to there.</summary>
    /// <param name="list">The value of If-None-Match.</param>
    /// <param name="tag">The tag of what is there; empty when it has none, which matches <c>*</c> only.</param>
    public static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> tag)
    {
        list = list.Trim(" \t"u8);
        if (list.SequenceEqual("*"u8)) return true;
        if (tag.IsEmpty) return false;
        while (true)
        {
            // A tag may have commas between its quotes, so the list cannot be split at them.
            list = list.TrimStart(" \t,"u8);
            int weak = IsWeak(list) ? 2 : 0;
            if (list.Length <= weak || list[weak] != (byte)'"') return false;
            int end = list[(weak + 1)..].IndexOf((byte)'"');
            if (end < 0) return false;
            int length = weak + 1 + end + 1;
            if (Matches(list[..length], tag)) return true;
            list = list[length..].TrimStart(" \t"u8);
            if (list.IsEmpty || list[0] != (byte)',') return false;
        }
    }

    private static ReadOnlySpan<byte> WithoutWeak(ReadOnlySpan<byte> tag) => IsWeak(tag) ? tag[2..] : tag;
}

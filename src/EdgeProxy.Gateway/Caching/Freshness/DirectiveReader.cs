namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Takes a list of directives apart: <c>name</c>, <c>name=token</c>, <c>name="text, with commas"</c> (RFC 9111, 5.2; RFC 9110, 5.6).</summary>
internal static class DirectiveReader
{
    /// <summary>Takes the next directive off a list; false when there is none left. Empty members are passed over.</summary>
    /// <param name="list">What is left of the field's value.</param>
    /// <param name="name">The directive's name, of any bytes but separators.</param>
    /// <param name="argument">What it says.</param>
    public static bool TryTake(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> name, out DirectiveArgument argument)
    {
        argument = default;
        list = list.TrimStart(" \t,"u8);
        if (list.IsEmpty)
        {
            name = default;
            return false;
        }

        int end = list.IndexOfAny((byte)',', (byte)'=', (byte)'"');
        name = (end < 0 ? list : list[..end]).Trim(" \t"u8);
        list = end < 0 ? default : list[end..];
        if (list.IsEmpty || list[0] == (byte)',') return true;
        if (list[0] == (byte)'=') list = list[1..].TrimStart(" \t"u8);
        argument = TakeArgument(ref list);
        SkipMember(ref list);
        return true;
    }

    private static DirectiveArgument TakeArgument(ref ReadOnlySpan<byte> list)
    {
        if (!list.IsEmpty && list[0] == (byte)'"') return TakeQuoted(ref list);
        int end = list.IndexOfAny((byte)',', (byte)'"');
        ReadOnlySpan<byte> text = (end < 0 ? list : list[..end]).Trim(" \t"u8);
        list = end < 0 ? default : list[end..];
        return new DirectiveArgument(text, isUnclosed: false);
    }

    /// <summary>A quoted text. One with escapes is kept as it is written: no number has any.</summary>
    private static DirectiveArgument TakeQuoted(ref ReadOnlySpan<byte> list)
    {
        ReadOnlySpan<byte> text = list[1..];
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == (byte)'\\')
            {
                at++;
            }
            else if (text[at] == (byte)'"')
            {
                list = text[(at + 1)..];
                return new DirectiveArgument(text[..at], isUnclosed: false);
            }
        }

        list = default;
        return new DirectiveArgument(text, isUnclosed: true);
    }

    /// <summary>Passes over what no directive has behind its argument, quotes and the commas in them included.</summary>
    private static void SkipMember(ref ReadOnlySpan<byte> list)
    {
        while (!list.IsEmpty && list[0] != (byte)',')
        {
            if (list[0] == (byte)'"') TakeQuoted(ref list);
            else list = list[1..];
        }
    }
}

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>What stands behind the equals sign of a directive.</summary>
/// <remarks>Borrows the field it was read from.</remarks>
internal readonly ref struct DirectiveArgument
{
    private readonly ReadOnlySpan<byte> _text;

    public DirectiveArgument(ReadOnlySpan<byte> text, bool isUnclosed)
    {
        _text = text;
        IsThere = true;
        IsUnclosed = isUnclosed;
    }

    /// <summary>Whether there is one at all, be it empty.</summary>
    public bool IsThere { get; }

    /// <summary>Whether it is a quoted text without its second quote.</summary>
    public bool IsUnclosed { get; }

    /// <summary>Reads a number of seconds, held to <see cref="CacheControl.MostSeconds"/> (RFC 9111, 1.2.2); false for what is none.</summary>
    public bool TrySeconds(out int seconds)
    {
        seconds = 0;
        if (IsUnclosed || _text.IsEmpty) return false;
        long sum = 0;
        foreach (byte digit in _text)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            sum = Math.Min((sum * 10) + digit - '0', CacheControl.MostSeconds);
        }

        seconds = (int)sum;
        return true;
    }
}

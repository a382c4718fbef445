namespace EdgeProxy.Http.Http1;

/// <summary>Names that another server may take for a framing field after it has normalised them (SuspiciousHeader, specification security.md 16).</summary>
internal static class LookAlikes
{
    /// <summary>"contentlength": nothing shorter can be one.</summary>
    public const int ShortestName = 13;

    /// <summary>
    /// Whether the name, which is neither framing field, becomes one when all but letters and digits is left out:
    /// <c>Content_Length</c>, <c>Transfer.Encoding</c>, <c>ContentLength</c>.
    /// </summary>
    public static bool IsFramingField(ReadOnlySpan<byte> name)
    {
        // Nearly every name ends in a letter that neither "length" nor "encoding" ends in.
        byte last = (byte)(name[^1] | 0x20);
        if (last is >= (byte)'a' and <= (byte)'z' and not (byte)'h' and not (byte)'g') return false;
        return Reduces(name, "contentlength"u8) || Reduces(name, "transferencoding"u8);
    }

    private static bool Reduces(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        int matched = 0;
        foreach (byte value in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)value)) continue;
            if (matched == target.Length || (value | 0x20) != target[matched]) return false;
            matched++;
        }

        return matched == target.Length;
    }
}

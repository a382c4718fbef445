using System.Globalization;

namespace EdgeProxy.Settings;

/// <summary>Sizes as operators write them. Units are powers of 1024, as in API Gateway's own quotas (10 MB are 10485760 bytes).</summary>
internal static class ByteSize
{
    /// <summary>Reads <c>10485760</c>, <c>10240KB</c>, <c>10 MiB</c>, <c>1G</c>; false for anything else and beyond 64 bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        int digits = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> number = digits < 0 ? text : text[..digits];
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count)) return false;
        ReadOnlySpan<char> unit = digits < 0 ? default : text[digits..].TrimStart(' ');
        int shift = Shift(unit);
        if (shift < 0 || count > long.MaxValue >> shift) return false;
        bytes = count << shift;
        return true;
    }

    /// <summary>The shortest form that <see cref="TryParse"/> reads back to the same number.</summary>
    public static string Format(long bytes)
    {
        (long size, string unit) = bytes switch
        {
            0 => (1L, ""),
            _ when bytes % (1L << 30) == 0 => (1L << 30, "GB"),
            _ when bytes % (1L << 20) == 0 => (1L << 20, "MB"),
            _ when bytes % (1L << 10) == 0 => (1L << 10, "KB"),
            _ => (1L, ""),
        };
        return (bytes / size).ToString(CultureInfo.InvariantCulture) + unit;
    }

    private static int Shift(ReadOnlySpan<char> unit)
    {
        if (unit.IsEmpty || unit.Equals("B", StringComparison.OrdinalIgnoreCase)) return 0;
        if (Is(unit, 'K')) return 10;
        if (Is(unit, 'M')) return 20;
        return Is(unit, 'G') ? 30 : -1;
    }

    private static bool Is(ReadOnlySpan<char> unit, char letter) =>
        char.ToUpperInvariant(unit[0]) == letter
        && (unit.Length == 1 || unit[1..].Equals("B", StringComparison.OrdinalIgnoreCase) || unit[1..].Equals("iB", StringComparison.OrdinalIgnoreCase));
}

using System.Globalization;

namespace EdgeProxy.Settings;

/// <summary>Times as operators write them. A unit is required: a bare number has been read as both seconds and milliseconds too often.</summary>
internal static class Duration
{
    private const long Second = 1_000_000_000;

    /// <summary>Reads <c>75s</c>, <c>29000ms</c>, <c>1m30s</c>, <c>0.5s</c>, <c>250us</c>, <c>2h</c>, into nanoseconds.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.IsEmpty) return false;
        decimal total = 0;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || digits > 15) return false; // fewer than could overflow a decimal
            if (!decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count)) return false;
            text = text[digits..].TrimStart(' ');
            int letters = text.IndexOfAnyInRange('0', '9');
            ReadOnlySpan<char> unit = letters < 0 ? text : text[..letters].TrimEnd(' ');
            long scale = Scale(unit);
            if (scale == 0) return false;
            total += count * scale;
            text = letters < 0 ? default : text[letters..];
        }

        if (total > long.MaxValue) return false;
        nanoseconds = (long)total;
        return true;
    }

    /// <summary>A time in the largest unit that needs no fraction.</summary>
    public static string Format(long nanoseconds)
    {
        (long scale, string unit) = nanoseconds switch
        {
            0 => (Second, "s"),
            _ when nanoseconds % (3600 * Second) == 0 => (3600 * Second, "h"),
            _ when nanoseconds % (60 * Second) == 0 => (60 * Second, "m"),
            _ when nanoseconds % Second == 0 => (Second, "s"),
            _ when nanoseconds % 1_000_000 == 0 => (1_000_000L, "ms"),
            _ when nanoseconds % 1000 == 0 => (1000L, "us"),
            _ => (1L, "ns"),
        };
        return (nanoseconds / scale).ToString(CultureInfo.InvariantCulture) + unit;
    }

    private static long Scale(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" => 1000,
        "ms" => 1_000_000,
        "s" => Second,
        "m" => 60 * Second,
        "h" => 3600 * Second,
        _ => 0,
    };
}

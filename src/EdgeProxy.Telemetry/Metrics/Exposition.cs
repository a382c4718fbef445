using System.Text;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>What <c>/metrics</c> says about its two forms: which one a scraper wants, and how it is labelled.</summary>
public static class Exposition
{
    /// <summary>The Content-Type of a form.</summary>
    public static ReadOnlySpan<byte> ContentType(ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"u8
        : "text/plain; version=0.0.4; charset=utf-8"u8;

    /// <summary>Picks a form from the value of an Accept header (RFC 9110, 12.5.1); several fields are joined with a comma.</summary>
    /// <remarks>
    /// OpenMetrics is for those who name it and prefer it at least as much as plain text. All else, no header and a header that
    /// accepts neither included, gets text: a scraper is better served with something than with a 406. Never throws.
    /// </remarks>
    public static ExpositionFormat Negotiate(ReadOnlySpan<byte> accept)
    {
        int openMetrics = 0;
        int text = -1;
        int anyText = -1;
        int any = -1;
        while (!accept.IsEmpty)
        {
            ReadOnlySpan<byte> range = Cut(ref accept, (byte)',');
            ReadOnlySpan<byte> type = Trim(Cut(ref range, (byte)';'));
            int quality = 1000;
            bool ourVersion = true;
            bool isOpenMetrics = Ascii.EqualsIgnoreCase(type, "application/openmetrics-text"u8);
            while (!range.IsEmpty)
            {
                ReadOnlySpan<byte> value = Cut(ref range, (byte)';');
                ReadOnlySpan<byte> name = Trim(Cut(ref value, (byte)'='));
                value = Unquote(Trim(value));
                if (Ascii.EqualsIgnoreCase(name, "q"u8)) quality = Quality(value);
                else if (isOpenMetrics && Ascii.EqualsIgnoreCase(name, "version"u8)) ourVersion = value.SequenceEqual("1.0.0"u8);
            }

            if (isOpenMetrics && ourVersion) openMetrics = Math.Max(openMetrics, quality);
            else if (Ascii.EqualsIgnoreCase(type, "text/plain"u8)) text = Math.Max(text, quality);
            else if (type.SequenceEqual("text/*"u8)) anyText = Math.Max(anyText, quality);
            else if (type.SequenceEqual("*/*"u8)) any = Math.Max(any, quality);
        }

        // The most specific range that matches plain text decides how much it is wanted.
        if (text < 0) text = anyText >= 0 ? anyText : Math.Max(any, 0);
        return openMetrics > 0 && openMetrics >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
    }

    private static ReadOnlySpan<byte> Cut(scoped ref ReadOnlySpan<byte> rest, byte at)
    {
        int end = rest.IndexOf(at);
        ReadOnlySpan<byte> first = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return first;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text)
    {
        return text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
    }

    // In thousandths: 0, 1, or either with up to three decimals. What is malformed counts as not wanted.
    private static int Quality(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length > 5 || value[0] is not ((byte)'0' or (byte)'1')) return 0;
        int thousandths = (value[0] - '0') * 1000;
        if (value.Length == 1) return thousandths;
        if (value[1] != '.') return 0;
        int worth = 100;
        foreach (byte digit in value[2..])
        {
            if (!char.IsAsciiDigit((char)digit)) return 0;
            thousandths += (digit - '0') * worth;
            worth /= 10;
        }

        return thousandths <= 1000 ? thousandths : 0;
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>Writes metrics as Prometheus text 0.0.4 or OpenMetrics 1.0, straight as UTF-8.</summary>
/// <remarks>
/// The two differ in the name of a counter's family (OpenMetrics cuts <c>_total</c>), in the unit line, in what help text escapes,
/// and in the end mark. Bucket bounds are written the OpenMetrics way (<c>1.0</c>, not <c>1</c>) in both, so that a series keeps its
/// name when the scraper changes format.
/// </remarks>
public sealed class ExpositionWriter
{
    private static readonly SearchValues<char> EscapedInLabels = SearchValues.Create("\\\"\n");

    private readonly IBufferWriter<byte> _destination;
    private readonly ExpositionFormat _format;
    private readonly ArrayBufferWriter<byte> _labels = new(256);

    internal ExpositionWriter(IBufferWriter<byte> destination, ExpositionFormat format)
    {
        _destination = destination;
        _format = format;
    }

    private enum Escape
    {
        Backslash,
        BackslashAndQuote,
    }

    /// <summary>A bound as both formats write it: always with a point or an exponent (OpenMetrics 1.0, canonical numbers).</summary>
    internal static string CanonicalBound(double seconds)
    {
        string text = seconds.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal)) text = seconds.ToString("0.0###################", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    internal void BeginFamily(string name, string type, string help)
    {
        string family = FamilyName(name, type);
        Write("# HELP "u8);
        WriteText(_destination, family);
        Write(" "u8);
        WriteEscaped(_destination, help, _format == ExpositionFormat.OpenMetrics ? Escape.BackslashAndQuote : Escape.Backslash);
        Write("\n# TYPE "u8);
        WriteText(_destination, family);
        Write(" "u8);
        WriteText(_destination, type);
        Write("\n"u8);
        if (_format == ExpositionFormat.OpenMetrics && UnitOf(family) is { } unit)
        {
            Write("# UNIT "u8);
            WriteText(_destination, family);
            Write(" "u8);
            WriteText(_destination, unit);
            Write("\n"u8);
        }
    }

    /// <summary>Renders the labels that the samples to follow share.</summary>
    internal void Labels(IReadOnlyList<string> names, ReadOnlySpan<string> values)
    {
        _labels.ResetWrittenCount();
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0) _labels.Write(","u8);
            WriteText(_labels, names[i]);
            _labels.Write("=\""u8);
            WriteEscaped(_labels, values[i], Escape.BackslashAndQuote);
            _labels.Write("\""u8);
        }
    }

    internal void Sample(string name, ReadOnlySpan<byte> suffix, long value)
    {
        BeginSample(name, suffix);
        Span<byte> room = _destination.GetSpan(24);
        Utf8Formatter.TryFormat(value, room, out int written);
        room[written] = (byte)'\n';
        _destination.Advance(written + 1);
    }

    internal void Sample(string name, ReadOnlySpan<byte> suffix, double value)
    {
        BeginSample(name, suffix);
        WriteNumber(value);
        Write("\n"u8);
    }

    internal void Bucket(string name, string bound, long cumulative)
    {
        WriteText(_destination, name);
        Write("_bucket{"u8);
        if (_labels.WrittenCount > 0)
        {
            Write(_labels.WrittenSpan);
            Write(","u8);
        }

        Write("le=\""u8);
        WriteText(_destination, bound);
        Write("\"} "u8);
        Span<byte> room = _destination.GetSpan(24);
        Utf8Formatter.TryFormat(cumulative, room, out int written);
        room[written] = (byte)'\n';
        _destination.Advance(written + 1);
    }

    internal void End()
    {
        if (_format == ExpositionFormat.OpenMetrics) Write("# EOF\n"u8);
    }

    private static string? UnitOf(string family)
    {
        if (family.EndsWith("_seconds", StringComparison.Ordinal)) return "seconds";
        return family.EndsWith("_bytes", StringComparison.Ordinal) ? "bytes" : null;
    }

    private static void WriteText(IBufferWriter<byte> destination, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        Span<byte> room = destination.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        destination.Advance(Encoding.UTF8.GetBytes(text, room));
    }

    // Text 0.0.4 escapes backslash and line feed in help, and the quote too in label values; OpenMetrics escapes all three in both.
    private static void WriteEscaped(IBufferWriter<byte> destination, ReadOnlySpan<char> text, Escape escape)
    {
        while (true)
        {
            int next = text.IndexOfAny(EscapedInLabels);
            if (next < 0)
            {
                WriteText(destination, text);
                return;
            }

            WriteText(destination, text[..next]);
            destination.Write(text[next] switch
            {
                '\n' => "\\n"u8,
                '\\' => "\\\\"u8,
                _ when escape == Escape.BackslashAndQuote => "\\\""u8,
                _ => "\""u8,
            });
            text = text[(next + 1)..];
        }
    }

    private string FamilyName(string name, string type)
    {
        return _format == ExpositionFormat.OpenMetrics && type == "counter" ? name[..^"_total".Length] : name;
    }

    private void BeginSample(string name, ReadOnlySpan<byte> suffix)
    {
        WriteText(_destination, name);
        Write(suffix);
        if (_labels.WrittenCount > 0)
        {
            Write("{"u8);
            Write(_labels.WrittenSpan);
            Write("}"u8);
        }

        Write(" "u8);
    }

    private void WriteNumber(double value)
    {
        if (double.IsFinite(value))
        {
            Span<byte> room = _destination.GetSpan(32);
            value.TryFormat(room, out int written, "R", CultureInfo.InvariantCulture);
            _destination.Advance(written);
        }
        else
        {
            Write(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes) => _destination.Write(bytes);
}

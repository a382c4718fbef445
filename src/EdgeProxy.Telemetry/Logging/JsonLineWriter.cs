using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>Writes one JSON object and a line feed into a span: a log line.</summary>
/// <remarks>
/// Borrows the span. What does not fit is not written and <see cref="End"/> answers 0: ask for more room and start over. Values may be
/// any bytes a client sent: control characters, line separators and quotes are escaped and what is not UTF-8 becomes U+FFFD, so a
/// record is one line of valid JSON whatever it holds (observability 8, rule 4).
/// </remarks>
public ref struct JsonLineWriter
{
    /// <summary>The most bytes one byte of a value can take.</summary>
    public const int MaxExpansion = 6;

    private const string Plain =
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private static readonly SearchValues<byte> s_plainBytes = SearchValues.Create(Encoding.ASCII.GetBytes(Plain));
    private static readonly SearchValues<char> s_plainChars = SearchValues.Create(Plain);

    private readonly Span<byte> _destination;
    private int _length;
    private bool _overflowed;

    /// <summary>Begins the object.</summary>
    public JsonLineWriter(Span<byte> destination)
    {
        _destination = destination;
        Write("{"u8);
    }

    /// <summary>Whether something did not fit.</summary>
    public readonly bool Overflowed => _overflowed;

    /// <summary>A text, as the bytes came. The name is a literal that needs no escaping.</summary>
    public void Text(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        Name(name);
        Write("\""u8);
        Escape(value);
        Write("\""u8);
    }

    /// <summary>A text of at most <paramref name="maxBytes"/> bytes before escaping; a longer one is cut between characters.</summary>
    public void Text(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, int maxBytes)
    {
        if (value.Length > maxBytes)
        {
            // Not in the middle of a character: step back over its continuation bytes.
            int end = maxBytes;
            while (end > 0 && maxBytes - end < 3 && (value[end] & 0xC0) == 0x80) end--;
            value = value[..end];
        }

        Text(name, value);
    }

    /// <summary>A text from the control plane.</summary>
    public void Text(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<char> value)
    {
        Name(name);
        Write("\""u8);
        Escape(value);
        Write("\""u8);
    }

    /// <summary>A whole number.</summary>
    public void Number(scoped ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        WriteNumber(value);
    }

    /// <summary>A number; what JSON cannot say (infinite, not a number) becomes null.</summary>
    public void Number(scoped ReadOnlySpan<byte> name, double value)
    {
        Name(name);
        WriteNumber(value);
    }

    /// <summary>A yes or no.</summary>
    public void Boolean(scoped ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Write(value ? "true"u8 : "false"u8);
    }

    /// <summary>A member that has no value.</summary>
    public void Null(scoped ReadOnlySpan<byte> name)
    {
        Name(name);
        Write("null"u8);
    }

    /// <summary>A value that is JSON already.</summary>
    public void Json(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> json)
    {
        Name(name);
        Write(json);
    }

    /// <summary>Ends the object and the line.</summary>
    /// <returns>The length of the line, or 0 when it did not fit.</returns>
    public int End()
    {
        Write("}\n"u8);
        return _overflowed ? 0 : _length;
    }

    /// <summary>A member whose name is only known at run time and whose value is a parameter of a log message.</summary>
    internal void Any(scoped ReadOnlySpan<char> name, object? value)
    {
        if (_length > 1) Write(","u8);
        Write("\""u8);
        Escape(name);
        Write("\":"u8);
        switch (value)
        {
            case null:
                Write("null"u8);
                break;
            case bool truth:
                Write(truth ? "true"u8 : "false"u8);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                WriteNumber(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case float or double or decimal or ulong:
                WriteNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            default:
                Write("\""u8);
                Escape(value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString());
                Write("\""u8);
                break;
        }
    }

    private void Name(scoped ReadOnlySpan<byte> name)
    {
        Debug.Assert(!name.ContainsAnyExcept(s_plainBytes), "a member name needs no escaping");

        // One look at the room for all of ,"name":
        int before = _length > 1 ? 2 : 1;
        Span<byte> room = Reserve(name.Length + before + 2);
        if (room.IsEmpty) return;
        room[0] = (byte)',';
        room[before - 1] = (byte)'"';
        name.CopyTo(room[before..]);
        room[^2] = (byte)'"';
        room[^1] = (byte)':';
    }

    private void WriteNumber(long value)
    {
        if (!_overflowed && Utf8Formatter.TryFormat(value, _destination[_length..], out int written)) _length += written;
        else _overflowed = true;
    }

    private void WriteNumber(double value)
    {
        if (!double.IsFinite(value)) Write("null"u8);
        else if (!_overflowed && value.TryFormat(_destination[_length..], out int written, "R", CultureInfo.InvariantCulture)) _length += written;
        else _overflowed = true;
    }

    private void Escape(scoped ReadOnlySpan<byte> value)
    {
        while (true)
        {
            int plain = value.IndexOfAnyExcept(s_plainBytes);
            if (plain < 0)
            {
                Write(value);
                return;
            }

            Write(value[..plain]);
            value = value[plain..];
            OperationStatus status = Rune.DecodeFromUtf8(value, out Rune rune, out int consumed);
            if (status != OperationStatus.Done) Write("\\ufffd"u8);
            else if (!EscapeShort(rune)) Write(value[..consumed]);
            value = value[consumed..];
        }
    }

    private void Escape(scoped ReadOnlySpan<char> value)
    {
        Span<byte> utf8 = stackalloc byte[4];
        while (true)
        {
            int plain = value.IndexOfAnyExcept(s_plainChars);
            ReadOnlySpan<char> run = plain < 0 ? value : value[..plain];
            Span<byte> room = Reserve(run.Length);
            if (!room.IsEmpty) Encoding.ASCII.GetBytes(run, room);
            if (plain < 0) return;
            value = value[plain..];
            OperationStatus status = Rune.DecodeFromUtf16(value, out Rune rune, out int consumed);
            if (status != OperationStatus.Done) Write("\\ufffd"u8);
            else if (!EscapeShort(rune)) Write(utf8[..rune.EncodeToUtf8(utf8)]);
            value = value[consumed..];
        }
    }

    // False for a character that stands for itself.
    private bool EscapeShort(Rune rune)
    {
        switch (rune.Value)
        {
            case '"':
                Write("\\\""u8);
                return true;
            case '\\':
                Write("\\\\"u8);
                return true;
            case '\n':
                Write("\\n"u8);
                return true;
            case '\r':
                Write("\\r"u8);
                return true;
            case '\t':
                Write("\\t"u8);
                return true;

            // Terminals obey the C1 controls as well, and some readers end a line at U+2028.
            case < 0x20 or (>= 0x7F and < 0xA0) or 0x2028 or 0x2029:
                Span<byte> room = Reserve(6);
                if (room.IsEmpty) return true;
                "\\u"u8.CopyTo(room);
                Utf8Formatter.TryFormat(rune.Value, room[2..], out _, new StandardFormat('x', 4));
                return true;
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (_overflowed || bytes.Length > _destination.Length - _length)
        {
            _overflowed = true;
            return;
        }

        bytes.CopyTo(_destination[_length..]);
        _length += bytes.Length;
    }

    private Span<byte> Reserve(int count)
    {
        if (_overflowed || count > _destination.Length - _length)
        {
            _overflowed = true;
            return default;
        }

        Span<byte> room = _destination.Slice(_length, count);
        _length += count;
        return room;
    }
}

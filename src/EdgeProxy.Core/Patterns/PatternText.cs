using System.Globalization;
using System.Text;

namespace EdgeProxy.Core.Patterns;

/// <summary>The text of a regular expression by code points, and how far it was read. The first fault ends the reading.</summary>
internal sealed class PatternText
{
    private const int Deepest = 100;

    private readonly int[] _codePoints;
    private int _depth;

    public PatternText(string source)
    {
        var codePoints = new List<int>(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]);
            codePoints.Add(isPair ? char.ConvertToUtf32(source[i], source[++i]) : source[i]);
        }

        _codePoints = [.. codePoints];
    }

    public int Length => _codePoints.Length;

    /// <summary>How many characters were read.</summary>
    public int At { get; set; }

    /// <summary>What is read next; -1 at the end.</summary>
    public int Here => At < _codePoints.Length ? _codePoints[At] : -1;

    /// <summary>What comes after <see cref="Here"/>; -1 behind the end.</summary>
    public int Next => At + 1 < _codePoints.Length ? _codePoints[At + 1] : -1;

    public bool IsAtEnd => At >= _codePoints.Length;

    /// <summary>Why the text is no expression; null while it may be one.</summary>
    public string? Fault { get; private set; }

    public int this[int index] => _codePoints[index];

    /// <summary>Reads a character, which must be there.</summary>
    public int Read() => _codePoints[At++];

    /// <summary>Reads a character if it is this one.</summary>
    public bool Take(int character)
    {
        if (Here != character) return false;
        At++;
        return true;
    }

    /// <summary>Reads a run of characters if it is this one.</summary>
    public bool Take(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (At + i >= _codePoints.Length || _codePoints[At + i] != text[i]) return false;
        }

        At += text.Length;
        return true;
    }

    /// <summary>Notes a fault, unless there is one. All else then stands behind the end, which ends every loop.</summary>
    public void Fail(string reason)
    {
        Fault ??= string.Create(CultureInfo.InvariantCulture, $"{reason} at character {Math.Min(At, _codePoints.Length) + 1}");
        At = _codePoints.Length;
    }

    /// <summary>Goes into a group or a class; false when they are nested too deeply.</summary>
    public bool TryEnter() => ++_depth <= Deepest;

    public void Leave() => _depth--;

    /// <summary>Reads decimal digits; false where there is none.</summary>
    /// <param name="most">Greater numbers are all one more than this.</param>
    /// <param name="value">The number.</param>
    public bool TryReadInteger(int most, out int value)
    {
        value = 0;
        int start = At;
        while (Here is >= '0' and <= '9') value = Math.Min(most + 1, (value * 10) + _codePoints[At++] - '0');
        return At > start;
    }

    /// <summary>Reads that many hexadecimal digits, or nothing.</summary>
    public bool TryReadHex(int digits, out int value)
    {
        value = 0;
        if (At + digits > _codePoints.Length) return false;
        for (int i = 0; i < digits; i++)
        {
            int digit = HexOf(_codePoints[At + i]);
            if (digit < 0) return false;
            value = (value * 16) + digit;
        }

        At += digits;
        return true;
    }

    /// <summary>Reads a code point in hexadecimal digits between braces, or nothing.</summary>
    public bool TryReadBraced(out int value)
    {
        value = 0;
        int start = At;
        if (Take('{'))
        {
            while (At < _codePoints.Length && HexOf(_codePoints[At]) is >= 0 and var digit) (value, At) = (Math.Min(CodePointSet.Last + 1, (value * 16) + digit), At + 1);
            if (At > start + 1 && value <= CodePointSet.Last && Take('}')) return true;
        }

        At = start;
        return false;
    }

    /// <summary>The name of a group, up to its closing bracket, without reading it.</summary>
    /// <param name="at">Where it begins.</param>
    /// <param name="end">Where its bracket stands; the text's end without one.</param>
    public string NameFrom(int at, out int end)
    {
        var name = new StringBuilder();
        for (end = at; end < _codePoints.Length && _codePoints[end] != '>'; end++) name.Append(char.ConvertFromUtf32(_codePoints[end] is >= 0xD800 and <= 0xDFFF ? '?' : _codePoints[end]));
        return name.ToString();
    }

    /// <summary>The name of a property behind <c>\p</c>, in braces or, as Java lets it be, one letter; empty where the braces do not close.</summary>
    public string ReadProperty()
    {
        int from = At;
        if (Here != '{') return TextOf(from, At = Math.Min(At + 1, _codePoints.Length));
        int close = Array.IndexOf(_codePoints, '}', from);
        if (close < 0) return "";
        At = close + 1;
        return TextOf(from + 1, close);
    }

    private static int HexOf(int character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= 'a' and <= 'f' => character - 'a' + 10,
        >= 'A' and <= 'F' => character - 'A' + 10,
        _ => -1,
    };

    private string TextOf(int from, int to) => new(Array.ConvertAll(_codePoints[from..to], static value => value < 0x80 ? (char)value : '?'));
}

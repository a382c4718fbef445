using System.Buffers;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Json;

/// <summary>Reads JSON (RFC 8259) into a tape in one pass without recursion.</summary>
internal ref struct JsonReader
{
    // What ends a run of plain characters of a string: the quote, the backslash, and what must be escaped.
    private static readonly SearchValues<byte> s_special = SearchValues.Create(
        [(byte)'"', (byte)'\\', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);

    private readonly Memory _memory;
    private readonly JsonTape _tape;
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _segment;
    private readonly int _base;
    private int _at;

    private JsonReader(Memory memory, Value text)
    {
        _memory = memory;
        _tape = memory.Tape;
        _text = memory.Bytes(text);
        _segment = text.A;
        _base = text.Offset;
        _at = 0;
    }

    /// <summary>Reads a whole text.</summary>
    /// <param name="memory">Whose tape takes the nodes.</param>
    /// <param name="text">The text; strings without escapes stay ranges of it.</param>
    /// <param name="root">The first node.</param>
    /// <returns>False when it is not JSON, or nested too deeply, or has more nodes than allowed; then nothing is left on the tape.</returns>
    public static bool TryRead(Memory memory, Value text, out int root)
    {
        root = memory.Tape.Count;
        var reader = new JsonReader(memory, text);
        if (text.A <= short.MaxValue && reader.Read()) return true;
        memory.Tape.Truncate(root);
        return false;
    }

    private bool Read()
    {
        int open = -1;
        int depth = 0;
        while (true)
        {
            // A value, or the end of an empty container.
            byte first = SkipBlanks();
            int node;
            switch (first)
            {
                case (byte)'{':
                case (byte)'[':
                    if (++depth > _memory.Limits.Nesting) return false;
                    _at++;
                    bool isObject = first == '{';

                    // Until it is closed, Next is the container around it.
                    open = _tape.Add(isObject ? JsonKind.Object : JsonKind.Array, 0, 0, 0, open);
                    if (!_memory.TryCharge(1)) return false;
                    if (SkipBlanks() != (isObject ? '}' : ']'))
                    {
                        if (isObject && !ReadKey()) return false;
                        continue;
                    }

                    break;
                case (byte)'"':
                    node = ReadString(JsonKind.String);
                    if (node < 0) return false;
                    break;
                case (byte)'t':
                    if (!ReadWord("true"u8, JsonKind.True)) return false;
                    break;
                case (byte)'f':
                    if (!ReadWord("false"u8, JsonKind.False)) return false;
                    break;
                case (byte)'n':
                    if (!ReadWord("null"u8, JsonKind.Null)) return false;
                    break;
                default:
                    if (!ReadNumber()) return false;
                    break;
            }

            if (!_memory.TryCharge(1)) return false;
            // What follows a value.
            while (true)
            {
                if (open < 0) return SkipBlanks() == 0 && _at == _text.Length;
                ref JsonNode container = ref _tape[open];
                bool isObject = container.Kind == JsonKind.Object;
                byte next = SkipBlanks();
                if (next == ',')
                {
                    // An empty container gets here only by its own end.
                    container.Offset++;
                    _at++;
                    if (isObject && !ReadKey()) return false;
                    break;
                }

                if (next != (isObject ? '}' : ']')) return false;
                _at++;
                int outer = container.Next;
                if (_tape.Count > open + 1) container.Offset++;
                container.Next = _tape.Count;
                if (isObject && container.Offset > 1) DropRepeated(open);
                open = outer;
                depth--;
            }
        }
    }

    private byte SkipBlanks()
    {
        while (_at < _text.Length)
        {
            byte value = _text[_at];
            if (value is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) return value;
            _at++;
        }

        return 0;
    }

    private bool ReadKey()
    {
        if (SkipBlanks() != '"') return false;
        int node = ReadString(JsonKind.Key);
        if (node < 0 || SkipBlanks() != ':') return false;
        _at++;
        return true;
    }

    private bool ReadWord(ReadOnlySpan<byte> word, JsonKind kind)
    {
        if (!_text[_at..].StartsWith(word)) return false;
        _tape.Add(kind, _segment, _base + _at, word.Length, 0);
        _at += word.Length;
        return true;
    }

    private bool ReadNumber()
    {
        int start = _at;
        if (Peek() == '-') _at++;
        if (Peek() == '0') _at++;
        else if (!SkipDigits()) return false;
        JsonKind kind = JsonKind.Integer;
        if (Peek() == '.')
        {
            kind = JsonKind.Decimal;
            _at++;
            if (!SkipDigits()) return false;
        }

        if ((Peek() | 0x20) == 'e')
        {
            kind = JsonKind.Decimal;
            _at++;
            if (Peek() is (byte)'+' or (byte)'-') _at++;
            if (!SkipDigits()) return false;
        }

        _tape.Add(kind, _segment, _base + start, _at - start, 0);
        return true;
    }

    private readonly byte Peek() => _at < _text.Length ? _text[_at] : (byte)0;

    private bool SkipDigits()
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at])) _at++;
        return _at > start;
    }

    private int ReadString(JsonKind kind)
    {
        int start = ++_at;
        int plain = _text[start..].IndexOfAny(s_special);
        if (plain < 0) return -1;
        _at += plain;
        if (_text[_at] == '"')
        {
            _at++;
            return _tape.Add(kind, _segment, _base + start, plain, kind == JsonKind.Key ? TextHash.Of(_text.Slice(start, plain)) : 0);
        }

        // Escapes: the text is made anew.
        TemplateOutput texts = _memory.Texts;
        int made = texts.Length;
        texts.Write(_text.Slice(start, plain));
        while (_text[_at] == '\\')
        {
            if (!ReadEscape(texts)) return -1;
            int length = _text[_at..].IndexOfAny(s_special);
            if (length < 0) return -1;
            texts.Write(_text.Slice(_at, length));
            _at += length;
        }

        if (_text[_at] != '"' || texts.Overflowed) return -1;
        _at++;
        ReadOnlySpan<byte> content = texts.Written[made..];
        return _tape.Add(kind, Memory.TextSegment, made, content.Length, kind == JsonKind.Key ? TextHash.Of(content) : 0);
    }

    private bool ReadEscape(TemplateOutput into)
    {
        if (_at + 1 >= _text.Length) return false;
        byte escape = _text[_at + 1];
        _at += 2;
        switch (escape)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/':
                into.Write(escape);
                return true;
            case (byte)'b':
                into.Write(8);
                return true;
            case (byte)'f':
                into.Write(12);
                return true;
            case (byte)'n':
                into.Write(10);
                return true;
            case (byte)'r':
                into.Write(13);
                return true;
            case (byte)'t':
                into.Write(9);
                return true;
            case (byte)'u':
                if (!TryReadUnit(_at, out int unit)) return false;
                _at += 4;
                if (char.IsHighSurrogate((char)unit) && _at + 6 <= _text.Length && _text[_at] == '\\' && _text[_at + 1] == 'u'
                    && TryReadUnit(_at + 2, out int low) && char.IsLowSurrogate((char)low))
                {
                    unit = char.ConvertToUtf32((char)unit, (char)low);
                    _at += 6;
                }

                Utf8.Write(unit, into);
                return true;
            default:
                return false;
        }
    }

    private readonly bool TryReadUnit(int at, out int unit)
    {
        unit = 0;
        if (at + 4 > _text.Length) return false;
        for (int i = 0; i < 4; i++)
        {
            int digit = _text[at + i];
            if (!char.IsAsciiHexDigit((char)digit)) return false;
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return true;
    }

    // Java's map keeps the place of the first and the value of the last.
    private readonly void DropRepeated(int owner)
    {
        int end = _tape[owner].Next;
        int count = _tape[owner].Offset;
        if (count <= 16)
        {
            for (int key = owner + 1; key < end; key = _tape.After(key + 1))
            {
                for (int earlier = owner + 1; earlier < key; earlier = _tape.After(earlier + 1))
                {
                    if (TryMerge(owner, earlier, key)) break;
                }
            }

            return;
        }

        Span<int> table = _memory.RentTable(count);
        int mask = table.Length - 1;
        for (int key = owner + 1; key < end; key = _tape.After(key + 1))
        {
            int slot = _tape[key].Next & mask;
            while (table[slot] != 0 && !TryMerge(owner, table[slot], key)) slot = (slot + 1) & mask;
            if (table[slot] == 0) table[slot] = key;
        }
    }

    private readonly bool TryMerge(int owner, int earlier, int later)
    {
        if (_tape[earlier].Kind != JsonKind.Key || _tape[earlier].Next != _tape[later].Next || !_memory.Bytes(_tape[earlier]).SequenceEqual(_memory.Bytes(_tape[later]))) return false;
        int after = _tape.After(earlier + 1);
        ref JsonNode value = ref _tape[earlier + 1];
        value.Kind = JsonKind.Alias;
        value.Next = after;
        value.Offset = later + 1;
        _tape[later].Kind = JsonKind.DeadKey;
        _tape[owner].Offset--;
        return true;
    }
}

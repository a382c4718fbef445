using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
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
    private JsonNode[] _nodes;
    private int _count;
    private int _keys;

    // Where the last thing stands that JSON is not written with: blanks, numbers in another form, escapes that need not be.
    private int _altered;
    private int _at;

    private JsonReader(Memory memory, Value text)
    {
        _memory = memory;
        _tape = memory.Tape;
        _nodes = _tape.Nodes;
        _count = _tape.Count;
        _text = memory.Bytes(text);
        _segment = text.A;
        _base = text.Offset;
        _altered = -1;
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
        if (text.A > short.MaxValue) return false;
        var reader = new JsonReader(memory, text);
        if (!reader.Read() || !memory.TryCharge(reader._count - root - reader._keys)) return false;
        memory.Tape.SetCount(reader._count);
        return true;
    }

    private bool Read()
    {
        int open = -1;
        int depth = 0;
        bool isObject = false;
        while (true)
        {
            // A value, or the end of an empty container.
            byte first = SkipBlanks();
            switch (first)
            {
                case (byte)'{':
                case (byte)'[':
                    if (++depth > _memory.Limits.Nesting) return false;
                    isObject = first == '{';

                    // Until it is closed, Next is the container around it and Length the names it has, a bit each.
                    open = Add(isObject ? JsonKind.Object : JsonKind.Array, _segment, 0, 0, open);
                    if (open < 0) return false;
                    _nodes[open].Start = _base + _at++;
                    _nodes[open].Depth = (byte)Math.Min(depth, JsonNode.Deepest);
                    FindTwin(open, depth);
                    if (SkipBlanks() != (isObject ? '}' : ']'))
                    {
                        if (isObject && !ReadKey(open, depth)) return false;
                        continue;
                    }

                    break;
                case (byte)'"':
                    if (ReadString(JsonKind.String) < 0) return false;
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

            // What follows a value.
            while (true)
            {
                if (open < 0) return SkipBlanks() == 0 && _at == _text.Length;
                byte next = SkipBlanks();
                if (next == ',')
                {
                    // An empty container gets here only by its own end.
                    _nodes[open].Offset++;
                    _at++;
                    if (isObject && !ReadKey(open, depth)) return false;
                    break;
                }

                if (next != (isObject ? '}' : ']')) return false;
                _at++;
                open = Close(open);
                isObject = open >= 0 && _nodes[open].Kind == JsonKind.Object;
                depth--;
            }
        }
    }

    // The container around it.
    private int Close(int open)
    {
        ref JsonNode container = ref _nodes[open];
        int outer = container.Next;
        if (_count > open + 1) container.Offset++;
        container.Next = _count;

        // As many bits as names: no name came twice.
        if (container.Kind == JsonKind.Object && BitOperations.PopCount((uint)container.Length) < container.Offset) DropRepeated(open);
        container.Length = _altered < container.Start - _base ? _base + _at - container.Start : 0;
        return outer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add(JsonKind kind, int segment, int offset, int length, int next)
    {
        if (_count == _nodes.Length && !TryGrow()) return -1;
        ref JsonNode node = ref _nodes[_count];
        node = new JsonNode { Kind = kind, Segment = (short)segment, Offset = offset, Length = length, Next = next };
        return _count++;
    }

    // Growing is where too many nodes are noticed, before they take the memory.
    private bool TryGrow()
    {
        if (_count - _tape.Count - _keys > _memory.Limits.Items) return _memory.TryCharge(_count);
        _nodes = _tape.Grow();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte SkipBlanks()
    {
        byte next = Peek();
        return next > ' ' ? next : SkipBlanksSlow();
    }

    private byte SkipBlanksSlow()
    {
        while (_at < _text.Length)
        {
            byte value = _text[_at];
            if (value <= ' ') _altered = _at;
            if (value is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) return value;
            _at++;
        }

        return 0;
    }

    // Objects of a list are mostly alike: the one before it, or the one at the same place in the one before, tells which names to expect.
    private readonly void FindTwin(int node, int depth)
    {
        Span<int> twins = _tape.Twins(depth);
        int parent = _nodes[node].Next;
        int twin = -1;
        if (parent >= 0 && _nodes[parent].Kind == JsonKind.Array)
        {
            twin = twins[depth - 1];
            twins[depth - 1] = node;
        }
        else if (parent >= 0 && twins[depth - 1] >= 0)
        {
            twin = twins[depth - 1] + node - parent;
        }

        bool isObject = _nodes[node].Kind == JsonKind.Object;
        twins[depth] = isObject && twin >= 0 && twin < node && _nodes[twin].Kind == JsonKind.Object ? twin : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ReadKey(int owner, int depth)
    {
        if (SkipBlanks() != '"') return false;
        int twin = _tape.Twins(depth)[depth];
        int node = twin >= 0 ? ReadKeyLike(twin + _count - owner, owner) : -1;
        if (node < 0) node = ReadString(JsonKind.Key);
        if (node < 0 || SkipBlanks() != ':') return false;
        _at++;
        _keys++;
        _nodes[node].Depth = _nodes[owner].Depth;
        _nodes[owner].Length |= 1 << _nodes[node].Next;
        return true;
    }

    // A name that is the same as another one: it need not be searched for its end, nor hashed. -1, with nothing read, when it is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadKeyLike(int other, int before)
    {
        if (other >= before) return -1;
        JsonNode known = _nodes[other];
        int start = _at + 1;
        int end = start + known.Length;
        if (known.Kind != JsonKind.Key || known.Segment != _segment || end >= _text.Length || _text[end] != '"') return -1;

        // One with escapes stands elsewhere.
        int there = known.Offset - _base;
        if (there < 0 || there > start || !ShortText.AreEqual(_text, start, there, known.Length)) return -1;
        _at = end + 1;
        return Add(JsonKind.Key, _segment, _base + start, known.Length, known.Next);
    }

    private bool ReadWord(ReadOnlySpan<byte> word, JsonKind kind)
    {
        if (!_text[_at..].StartsWith(word) || Add(kind, _segment, _base + _at, word.Length, 0) < 0) return false;
        _at += word.Length;
        return true;
    }

    private bool ReadNumber()
    {
        int start = _at;
        if (Peek() == '-') _at++;
        int whole = _at;
        if (Peek() == '0') _at++;
        else if (!SkipDigits()) return false;
        int point = _at;
        bool isDecimal = false;
        if (Peek() == '.')
        {
            isDecimal = true;
            _at++;
            if (!SkipDigits()) return false;
        }

        bool writesItself = isDecimal ? WritesItself(_text[whole.._at], point - whole) : _text[whole] != '0' || start == whole;
        if ((Peek() | 0x20) == 'e')
        {
            isDecimal = true;
            writesItself = false;
            _at++;
            if (Peek() is (byte)'+' or (byte)'-') _at++;
            if (!SkipDigits()) return false;
        }

        if (!writesItself) _altered = start;
        return Add(isDecimal ? JsonKind.Decimal : JsonKind.Integer, _segment, _base + start, _at - start, writesItself ? 1 : 0) >= 0;
    }

    // Whether Double.toString gives the same digits: at most 15 of them are the shortest, from 0.1 to 1E7 there is no exponent, and zeros at the end are only one.
    private static bool WritesItself(ReadOnlySpan<byte> number, int whole) =>
        number.Length <= 16 && whole <= 7 && (number[0] != '0' || number[2] != '0') && (number[^1] != '0' || number.Length == whole + 2);

    private readonly byte Peek() => _at < _text.Length ? _text[_at] : (byte)0;

    private bool SkipDigits()
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at])) _at++;
        return _at > start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadString(JsonKind kind)
    {
        int start = _at + 1;
        int plain = ShortText.PlainLength(_text, start);
        if ((uint)plain >= ShortText.Width)
        {
            plain = _text[start..].IndexOfAny(s_special);
            if (plain < 0) return -1;
        }

        if (_text[start + plain] != '"') return ReadEscapedString(kind, start, plain);
        _at = start + plain + 1;
        return Add(kind, _segment, _base + start, plain, kind == JsonKind.Key ? TextHash.Of(_text.Slice(start, plain)) : 0);
    }

    // The text is made anew.
    private int ReadEscapedString(JsonKind kind, int start, int plain)
    {
        TemplateOutput texts = _memory.Texts;
        int made = texts.Length;
        texts.Write(_text.Slice(start, plain));
        _at = start + plain;
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
        return Add(kind, Memory.TextSegment, made, content.Length, kind == JsonKind.Key ? TextHash.Of(content) : 0);
    }

    private bool ReadEscape(TemplateOutput into)
    {
        if (_at + 1 >= _text.Length) return false;
        byte escape = _text[_at + 1];
        if (escape is (byte)'/' or (byte)'u') _altered = _at;
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
    private void DropRepeated(int owner)
    {
        int end = _nodes[owner].Next;
        int count = _nodes[owner].Offset;
        if (count <= 16)
        {
            for (int key = owner + 1; key < end; key = _tape.After(key + 1))
            {
                for (int earlier = owner + 1; earlier < key; earlier = _tape.After(earlier + 1))
                {
                    if (_nodes[earlier].Next == _nodes[key].Next && TryMerge(owner, earlier, key)) break;
                }
            }

            return;
        }

        Span<int> table = _memory.RentTable(count);
        int mask = table.Length - 1;
        for (int key = owner + 1; key < end; key = _tape.After(key + 1))
        {
            int slot = _nodes[key].Next & mask;
            while (table[slot] != 0 && !TryMerge(owner, table[slot], key)) slot = (slot + 1) & mask;
            if (table[slot] == 0) table[slot] = key;
        }
    }

    private bool TryMerge(int owner, int earlier, int later)
    {
        ref JsonNode first = ref _nodes[earlier];
        if (first.Kind != JsonKind.Key || first.Next != _nodes[later].Next || !_memory.Bytes(first).SequenceEqual(_memory.Bytes(_nodes[later]))) return false;
        int after = _tape.After(earlier + 1);
        ref JsonNode value = ref _nodes[earlier + 1];
        value.Kind = JsonKind.Alias;
        value.Next = after;
        value.Offset = later + 1;
        _nodes[later].Kind = JsonKind.DeadKey;
        _nodes[owner].Offset--;
        _altered = _at;
        return true;
    }
}

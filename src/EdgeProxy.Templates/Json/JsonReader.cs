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

    // What ReadPlain begins with and has come to: the place, and of the container that is being read how many members it has read and the bits of their names.
    private int _at;
    private int _members;
    private int _names;

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
        ReadOnlySpan<byte> text = _text;
        Span<JsonNode> nodes = _nodes;
        int count = _count;
        int at = 0;
        int open = -1;
        int depth = 0;
        bool isObject = false;
        int members = 0;
        int names = 0;

        // 1 when one of the names was not found where its twin has it: else they are as different as those of the twin.
        int anew = 0;
        int twin = -1;

    Value:
        // A value. There is room for it and for the name of another one.
        if (count + 2 > nodes.Length)
        {
            if (!TryGrow(count)) return false;
            nodes = _nodes;
        }

        byte first = At(text, at);
        if (first <= ' ') first = At(text, at = SkipBlanks(at));
        ref JsonNode node = ref nodes[count];
        if (first == '"')
        {
            at = ReadString(text, at + 1, ref node, JsonKind.String);
            if (at < 0) return false;
            count++;
        }
        else if (first is (byte)'{' or (byte)'[')
        {
            if (open >= 0)
            {
                nodes[open].Offset = (members << 1) | anew;
                nodes[open].Length = names;
            }

            if (++depth > _memory.Limits.Nesting) return false;
            isObject = first == '{';
            members = 0;
            names = 0;
            anew = 0;

            // Until it is closed, Next is the container around it, Length the names it has, a bit each, and Offset what else is known.
            node.Kind = isObject ? JsonKind.Object : JsonKind.Array;
            node.Depth = (byte)Math.Min(depth, JsonNode.Deepest);
            node.Segment = (short)_segment;
            node.Next = open;
            node.Start = _base + at;
            twin = FindTwin(nodes, count, depth);
            open = count++;
            at++;
            first = At(text, at);
            if (first <= ' ') first = At(text, at = SkipBlanks(at));
            if (first == (isObject ? '}' : ']')) goto Close;
            goto Next;
        }
        else if (first <= '9')
        {
            at = ReadNumber(text, at, ref node);
            if (at < 0) return false;
            count++;
        }
        else
        {
            at = ReadWord(text, at, ref node);
            if (at < 0) return false;
            count++;
        }

        if (open < 0) goto End;
        members++;

    Behind:
        // What follows a value in a container.
        byte next = At(text, at);
        if (next <= ' ') next = At(text, at = SkipBlanks(at));
        if (next != ',')
        {
            if (next == (isObject ? '}' : ']')) goto Close;
            return false;
        }

        at++;

    Next:
        // A name and a value, or a value.
        Place place = Place.BeforeValue;
        if (isObject ? twin >= 0 : At(text, at) < '[')
        {
            _at = at;
            _count = count;
            place = ReadPlain(open, isObject, twin);
            at = _at;
            count = _count;
            members += _members;
            names |= _names;
            if (place == Place.BehindValue) goto Behind;
        }

        if (!isObject || place == Place.BehindName) goto Value;
        if (count + 2 > nodes.Length)
        {
            if (!TryGrow(count)) return false;
            nodes = _nodes;
        }

        if (At(text, at) <= ' ') at = SkipBlanks(at);
        if (At(text, at) != '"') return false;
        ref JsonNode name = ref nodes[count];
        at = ReadString(text, at + 1, ref name, JsonKind.Key);
        if (at < 0) return false;
        name.Next = TextHash.Of(_memory.Bytes(name));
        name.Depth = nodes[open].Depth;
        anew = 1;
        name.Start = _tape.FirstKey + count;
        names |= 1 << name.Next;
        count++;
        _keys++;
        if (At(text, at) <= ' ') at = SkipBlanks(at);
        if (At(text, at) != ':') return false;
        at++;
        goto Value;

    Close:
        at++;
        ref JsonNode container = ref nodes[open];
        int outer = container.Next;
        container.Offset = members;
        container.Next = count;
        container.Length = 0;

        // As many bits as names: no name came twice.
        if (anew != 0 && BitOperations.PopCount((uint)names) < members) DropRepeated(open, at);
        if (_altered < container.Start - _base) container.Length = _base + at - container.Start;
        open = outer;
        if (--depth == 0) goto End;
        container = ref nodes[open];
        isObject = container.Kind == JsonKind.Object;
        members = (container.Offset >> 1) + 1;
        anew = container.Offset & 1;
        names = container.Length;
        twin = _tape.Twins(depth)[depth];
        goto Behind;

    End:
        _count = count;
        return SkipBlanks(at) == text.Length;
    }

    // Goes on for as long as names are those of the twin and values are short texts and numbers. Most of a body is, and a method that calls nothing has all registers to itself:
    // TemplateBenchmarks.TemplateRender.
    private Place ReadPlain(int open, bool isObject, int twin)
    {
        ReadOnlySpan<byte> text = _text;
        Span<JsonNode> nodes = _nodes;
        int count = _count;
        int at = _at;
        int members = 0;
        int names = 0;

        // A key of the twin, which is as deep as it, is the twin's own: no two of them have one name.
        int ahead = twin - open;
        int end = isObject ? nodes[twin].Next : 0;
        byte depth = nodes[open].Depth;
        if (isObject && depth == JsonNode.Deepest) end = 0;
        Place place;
        while (true)
        {
            place = Place.BeforeValue;
            if (count + 2 > nodes.Length) break;
            if (isObject)
            {
                // A name that is the same as another one need not be searched for its end, nor hashed.
                if (count + ahead >= end) break;
                ref readonly JsonNode known = ref nodes[count + ahead];
                int length = known.Length;
                if (known.Kind != JsonKind.Key || known.Depth != depth || known.Segment != _segment || !ShortText.AreNamesEqual(text, at, known.Offset - _base - 1, length)) break;
                ref JsonNode name = ref nodes[count];
                name.Kind = JsonKind.Key;
                name.Depth = depth;
                name.Segment = (short)_segment;
                name.Offset = _base + at + 1;
                name.Length = length;
                name.Next = known.Next;
                name.Start = known.Start;
                names |= 1 << known.Next;
                at += length + 3;
                count++;
                _keys++;
                place = Place.BehindName;
            }

            byte first = At(text, at);
            ref JsonNode node = ref nodes[count];
            if (first == '"')
            {
                int quote = at + 1;
                int plain;
                while ((plain = ShortText.PlainLength(text, quote)) == ShortText.Width) quote += ShortText.Width;
                quote += plain;
                if (plain < 0) break;
                if (text[quote] == '"')
                {
                    Set(ref node, JsonKind.String, at + 1, quote - at - 1);
                }
                else
                {
                    TemplateOutput texts = _memory.Texts;
                    int length = ShortText.CopyUnescaped(text, at + 1, texts.Bytes, texts.Length, out quote);
                    if (length < 0) break;
                    node.Kind = JsonKind.String;
                    node.Segment = Memory.TextSegment;
                    node.Offset = texts.Length;
                    node.Length = length;
                    texts.Commit(length);
                }

                at = quote + 1;
            }
            else
            {
                int behind = EndOfNumber(text, at, ref node);
                if (behind < 0) break;
                at = behind;
            }

            count++;
            members++;
            place = Place.BehindValue;
            if (At(text, at) != ',') break;
            at++;
        }

        _at = at;
        _count = count;
        _members = members;
        _names = names;
        return place;
    }

    // A number of up to 9 digits that stands as Java writes it; -1 for another. Its digits are added up while they are looked at.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int EndOfNumber(ReadOnlySpan<byte> text, int start, ref JsonNode node)
    {
        uint digits = 0;
        int at = start;
        uint digit;
        while ((digit = (uint)(At(text, at) - '0')) <= 9)
        {
            digits = (digits * 10) + digit;
            at++;
        }

        if (at == start || text[start] == '0') return -1;
        int whole = at - start;
        int fraction = 0;
        if (At(text, at) == '.')
        {
            at++;
            while ((digit = (uint)(At(text, at) - '0')) <= 9)
            {
                digits = (digits * 10) + digit;
                at++;
            }

            fraction = at - start - whole - 1;
            if (fraction == 0 || !WritesItself(text[start..at], whole)) return -1;
        }

        if (whole + fraction > 9 || At(text, at) is not ((byte)',' or (byte)'}' or (byte)']')) return -1;
        Set(ref node, fraction == 0 ? JsonKind.Integer : JsonKind.Decimal, start, at - start);
        node.Next = JsonNode.WritesItself | JsonNode.HasDigits;
        node.Start = (int)digits;
        node.Depth = (byte)fraction;
        return at;
    }

    // Growing is where too many nodes are noticed, before they take the memory.
    private bool TryGrow(int count)
    {
        if (count - _tape.Count - _keys > _memory.Limits.Items) return _memory.TryCharge(count);
        _nodes = _tape.Grow();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte At(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    // Where the next byte is that is no blank.
    private int SkipBlanks(int at)
    {
        int start = at;
        while (At(_text, at) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
        if (at > start) _altered = at - 1;
        return at;
    }

    // Objects of a list are mostly alike: the one before it, or the one at the same place in the one before, tells which names to expect.
    private readonly int FindTwin(ReadOnlySpan<JsonNode> nodes, int node, int depth)
    {
        Span<int> twins = _tape.Twins(depth);
        int parent = nodes[node].Next;
        int twin = -1;
        if (parent >= 0 && nodes[parent].Kind == JsonKind.Array)
        {
            twin = twins[depth - 1];
            twins[depth - 1] = node;
        }
        else if (parent >= 0 && twins[depth - 1] >= 0)
        {
            twin = twins[depth - 1] + node - parent;
        }

        bool isObject = nodes[node].Kind == JsonKind.Object;
        return twins[depth] = isObject && twin >= 0 && twin < node && nodes[twin].Kind == JsonKind.Object ? twin : -1;
    }

    // Each of these reads a value that begins there, and gives the place behind it; -1 when it is none.
    private int ReadWord(ReadOnlySpan<byte> text, int at, ref JsonNode node)
    {
        ReadOnlySpan<byte> rest = text[at..];
        JsonKind kind = rest.StartsWith("true"u8) ? JsonKind.True : rest.StartsWith("null"u8) ? JsonKind.Null : JsonKind.False;
        if (kind == JsonKind.False && !rest.StartsWith("false"u8)) return -1;
        Set(ref node, kind, at, kind == JsonKind.False ? 5 : 4);
        return at + node.Length;
    }

    private int ReadNumber(ReadOnlySpan<byte> text, int start, ref JsonNode node)
    {
        int whole = At(text, start) == '-' ? start + 1 : start;
        int at = SkipDigits(text, whole);
        if (at == whole || (text[whole] == '0' && at > whole + 1)) return -1;
        JsonKind kind = JsonKind.Integer;
        bool writesItself = text[whole] != '0' || start == whole;
        if (At(text, at) == '.')
        {
            int point = at++;
            kind = JsonKind.Decimal;
            at = SkipDigits(text, at);
            if (at == point + 1) return -1;
            writesItself = WritesItself(text[whole..at], point - whole);
        }

        if ((At(text, at) | 0x20) == 'e')
        {
            kind = JsonKind.Decimal;
            writesItself = false;
            at++;
            if (At(text, at) is (byte)'+' or (byte)'-') at++;
            int exponent = at;
            at = SkipDigits(text, at);
            if (at == exponent) return -1;
        }

        if (!writesItself) _altered = start;
        Set(ref node, kind, start, at - start);
        node.Next = writesItself ? JsonNode.WritesItself : 0;
        return at;
    }

    // Whether Double.toString gives the same digits: at most 15 of them are the shortest, from 0.1 to 1E7 there is no exponent, and zeros at the end are only one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool WritesItself(ReadOnlySpan<byte> number, int whole) =>
        number.Length <= 16 && whole <= 7 && (number[0] != '0' || number[2] != '0') && (number[^1] != '0' || number.Length == whole + 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipDigits(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9) at++;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Set(ref JsonNode node, JsonKind kind, int start, int length)
    {
        node.Kind = kind;
        node.Segment = (short)_segment;
        node.Offset = _base + start;
        node.Length = length;
    }

    // From behind the quote.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadString(ReadOnlySpan<byte> text, int start, ref JsonNode node, JsonKind kind)
    {
        int end = start;
        int plain;
        while ((plain = ShortText.PlainLength(text, end)) == ShortText.Width) end += ShortText.Width;
        if (plain < 0) plain = text[end..].IndexOfAny(s_special);
        if (plain < 0) return -1;
        end += plain;
        if (text[end] != '"') return ReadEscapedString(kind, start, end - start, ref node);
        Set(ref node, kind, start, end - start);
        return end + 1;
    }

    // The text is made anew.
    private int ReadEscapedString(JsonKind kind, int start, int plain, ref JsonNode node)
    {
        TemplateOutput texts = _memory.Texts;
        int made = texts.Length;
        texts.Write(_text, start, plain);
        int at = start + plain;
        while (_text[at] == '\\')
        {
            if (!ReadEscape(texts, ref at)) return -1;
            int length = ShortText.PlainLength(_text, at);
            if ((uint)length >= ShortText.Width)
            {
                length = _text[at..].IndexOfAny(s_special);
                if (length < 0) return -1;
            }

            texts.Write(_text, at, length);
            at += length;
        }

        if (_text[at] != '"' || texts.Overflowed) return -1;
        node.Kind = kind;
        node.Segment = Memory.TextSegment;
        node.Offset = made;
        node.Length = texts.Length - made;
        return at + 1;
    }

    private bool ReadEscape(TemplateOutput into, ref int at)
    {
        if (at + 1 >= _text.Length) return false;
        byte escape = _text[at + 1];
        if (escape is (byte)'/' or (byte)'u') _altered = at;
        at += 2;
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
                if (!TryReadUnit(at, out int unit)) return false;
                at += 4;
                if (char.IsHighSurrogate((char)unit) && at + 6 <= _text.Length && _text[at] == '\\' && _text[at + 1] == 'u'
                    && TryReadUnit(at + 2, out int low) && char.IsLowSurrogate((char)low))
                {
                    unit = char.ConvertToUtf32((char)unit, (char)low);
                    at += 6;
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
    private void DropRepeated(int owner, int at)
    {
        int end = _nodes[owner].Next;
        int count = _nodes[owner].Offset;
        if (count <= 16)
        {
            for (int key = owner + 1; key < end; key = _tape.After(key + 1))
            {
                for (int earlier = owner + 1; earlier < key; earlier = _tape.After(earlier + 1))
                {
                    if (_nodes[earlier].Next == _nodes[key].Next && TryMerge(owner, earlier, key, at)) break;
                }
            }

            return;
        }

        Span<int> table = _memory.RentTable(count);
        int mask = table.Length - 1;
        for (int key = owner + 1; key < end; key = _tape.After(key + 1))
        {
            int slot = _nodes[key].Next & mask;
            while (table[slot] != 0 && !TryMerge(owner, table[slot], key, at)) slot = (slot + 1) & mask;
            if (table[slot] == 0) table[slot] = key;
        }
    }

    private bool TryMerge(int owner, int earlier, int later, int at)
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
        _altered = at;
        return true;
    }

    private enum Place
    {
        /// <summary>Before a value, or the name of one.</summary>
        BeforeValue,
        BehindName,
        BehindValue,
    }
}

using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using EdgeProxy.Core.Json;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Json;

/// <summary>Reads JSON (RFC 8259) onto a tape in one pass without recursion. Strict: no comments, no trailing commas, nothing behind the value.</summary>
/// <remarks>
/// Everything stays as it is written: strings and names keep their escapes, which have been looked at, and a name that comes twice comes twice. Bytes of strings need not be UTF-8;
/// an escaped lone surrogate is taken, as RFC 8259 (8.2) lets it be.
/// </remarks>
internal ref partial struct JsonReader
{
    // What ends a run of plain characters of a string: the quote, the backslash, and what must be escaped.
    private static readonly SearchValues<byte> s_special = SearchValues.Create(
        [(byte)'"', (byte)'\\', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);

    // Nodes there is room for before anything is read.
    private const int Room = 4;

    // Of an object that has a name with escapes, which may be any other.
    private const int Escapes = 2;

    // How many names of a twin are looked through for one that is not the next of them.
    private const int NamesAhead = 8;

    private readonly JsonTape _tape;
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _segment;
    private readonly int _base;
    private readonly JsonLimits _limits;
    private readonly int _root;
    private JsonNode[] _nodes;
    private JsonFault _fault;

    // The last string with escapes; -1 for none.
    private int _escaped;

    // Where the last thing stands that JSON is not written with: blanks, numbers in another form, escapes that need not be.
    private int _altered;

    // Where reading stands: in the text, on the tape, and in what.
    private Place _place;
    private int _at;
    private int _count;
    private int _keys;
    private int _open;
    private int _depth;

    // Of the container that is open: how many members it has, and 0 when all names were found in the twin, each behind the one before: they are as different as those of the
    // twin; else 1, with Escapes or without. While another one is open within it, all that and what comes next are kept in its node and by the tape.
    private int _members;
    private int _anew;

    // Of an object the name that is likely to come, in an object before it that is likely to be the same; of an array its last object. The container itself for none.
    private int _like;

    // What the name that was read last has in the twin; below 0 for nothing.
    private int _twin;

    // While plain things are read: what is asked for seldom, so that registers are left for the rest.
    private unsafe JsonNode* _twinNode;
    private unsafe JsonNode* _openNode;
    private unsafe JsonNode* _full;
    private unsafe JsonNode* _nodesAt;
    private unsafe byte* _wholeAt;
    private unsafe byte* _last;
    private unsafe byte* _lastTwin;
    private unsafe int* _likesAt;
    private uint _header;
    private int _deepest;

    private JsonReader(JsonTape tape, ReadOnlySpan<byte> text, int segment, int origin, JsonLimits limits)
    {
        _tape = tape;
        _nodes = tape.Nodes;
        _root = tape.Count;
        _count = _root;
        _text = text;
        _segment = segment;
        _base = origin;
        _limits = limits;
        _fault = JsonFault.Malformed;
        _escaped = -1;
        _altered = -1;
        _open = -1;
        _twin = -1;
    }

    /// <summary>Reads a whole text.</summary>
    /// <param name="tape">Takes the nodes, behind those that it has.</param>
    /// <param name="text">The text.</param>
    /// <param name="segment">What nodes call it; not negative.</param>
    /// <param name="origin">Where they say that it begins.</param>
    /// <param name="limits">What it may be.</param>
    /// <param name="singly">Whether each thing is read on its own, as what is not plain always is. For tests.</param>
    /// <returns>Why it was not read; then nothing is left on the tape.</returns>
    public static JsonFault Read(JsonTape tape, ReadOnlySpan<byte> text, int segment, int origin, JsonLimits limits, bool singly = false)
    {
        tape.Begin(origin, text.Length, limits.Depth);
        var reader = new JsonReader(tape, text, segment, origin, limits);
        bool isRead = reader.Read(singly);
        tape.End(isRead ? reader._count : reader._root, reader._keys, reader._escaped, reader._at);
        return isRead ? JsonFault.None : reader._fault;
    }

    /// <summary>Reads a whole text onto an empty tape. Bytes that are not UTF-8 are malformed.</summary>
    public static JsonFault ReadUtf8(JsonTape tape, ReadOnlySpan<byte> text, JsonLimits limits, int origin = 0)
    {
        tape.Reset();
        tape.IsAscii = Ascii.IsValid(text);
        if (tape.IsAscii || System.Text.Unicode.Utf8.IsValid(text)) return Read(tape, text, JsonTape.BodySegment, origin, limits);
        tape.End(0, 0, -1, 0);
        return JsonFault.Malformed;
    }

    // Plain things as far as they go, then one that is not, and so on. Where it fails, the place is that of what is wrong.
    private bool Read(bool singly)
    {
        bool atOnce = !singly && Vector256.IsHardwareAccelerated;
        if (atOnce) _text[Math.Max(0, _text.Length - JsonTape.TailLength)..].CopyTo(_tape.Tail.AsSpan(Math.Max(0, JsonTape.TailLength - _text.Length)));
        while (true)
        {
            if (_count + Room > _nodes.Length && !TryGrow()) return false;
            if (atOnce && _open >= 0 && _depth < JsonNode.Deepest) ReadPlain();
            if (_place == Place.BehindValue)
            {
                if (_open < 0) return (_at = SkipBlanks(_at)) == _text.Length;
                if (!ReadBehind()) return false;
                continue;
            }

            if (_count - _root > _limits.Nodes - 2)
            {
                _fault = JsonFault.TooMany;
                return false;
            }

            if (!(_place == Place.BeforeName ? ReadName() : ReadValue())) return false;
        }
    }

    private bool ReadName()
    {
        if (At(_text, _at) <= ' ') _at = SkipBlanks(_at);
        if (At(_text, _at) != '"') return false;
        ref JsonNode name = ref _nodes[_count];
        int end = ReadString(_text, _at + 1, ref name, JsonKind.Key);
        if (end < 0) return false;
        _at = end;
        name.Next = TextHash.Of(_text.Slice(name.Offset - _base, name.Length));
        name.Depth = _nodes[_open].Depth;
        name.Start = _tape.FirstKey + _count;
        if (!FindInTwin(ref name)) _anew |= name.IsEscaped ? Escapes : 1;
        _count++;
        if (At(_text, _at) <= ' ') _at = SkipBlanks(_at);
        if (At(_text, _at) != ':') return false;
        _at++;
        _place = Place.BeforeValue;
        return true;
    }

    // The twin may have a name that this object does not have.
    private bool FindInTwin(ref JsonNode name)
    {
        _twin = -1;
        int key = _like;
        for (int i = 0; i < NamesAhead && _nodes[key].Kind == JsonKind.Key && _nodes[key].Depth == name.Depth && name.Depth != JsonNode.Deepest; i++)
        {
            ref readonly JsonNode known = ref _nodes[key];
            if (IsSame(known, name))
            {
                name.Start = known.Start;
                _twin = key + 1;
                _like = _tape.After(key + 1);
                return true;
            }

            key = _tape.After(key + 1);
        }

        return false;
    }

    private readonly bool IsSame(in JsonNode known, in JsonNode name) =>
        known.Next == name.Next && known.Length == name.Length && _text.Slice(known.Offset - _base, known.Length).SequenceEqual(_text.Slice(name.Offset - _base, name.Length));

    private bool ReadValue()
    {
        byte first = At(_text, _at);
        if (first <= ' ') first = At(_text, _at = SkipBlanks(_at));
        if (first is (byte)'{' or (byte)'[') return TryOpen(first == '{');
        ref JsonNode node = ref _nodes[_count];
        int end = first == '"' ? ReadString(_text, _at + 1, ref node, JsonKind.String) : first <= '9' ? ReadNumber(_text, _at, ref node) : ReadWord(_text, _at, ref node);
        if (end < 0) return false;
        _at = end;
        if (node.IsEscaped)
        {
            node.Start = _escaped;
            _escaped = _count;
        }

        _count++;
        _members++;
        _place = Place.BehindValue;
        return true;
    }

    // What follows a value in a container.
    private bool ReadBehind()
    {
        byte next = At(_text, _at);
        if (next <= ' ') next = At(_text, _at = SkipBlanks(_at));
        bool isObject = _nodes[_open].Kind == JsonKind.Object;
        if (next == (isObject ? '}' : ']'))
        {
            Close();
            return true;
        }

        if (next != ',') return false;
        _at++;
        _place = isObject ? Place.BeforeName : Place.BeforeValue;
        return true;
    }

    private bool TryOpen(bool isObject)
    {
        int depth = _depth + 1;
        if (depth > _limits.Depth)
        {
            _fault = JsonFault.TooDeep;
            return false;
        }

        Span<int> likes = _tape.Likes(depth);
        int opened = _count++;
        int twin = _twin;
        if (_open >= 0)
        {
            ref JsonNode outer = ref _nodes[_open];
            outer.Offset = _members;
            outer.Length = _anew;
            if (outer.Kind == JsonKind.Array)
            {
                twin = _nodes[_like].Kind == JsonKind.Object ? _like : -1;
                if (isObject) _like = opened;
            }

            likes[depth - 1] = _like;
        }

        // Until it is closed, Next is the container around it, and Offset and Length are what is known of it.
        ref JsonNode node = ref _nodes[opened];
        node.Kind = isObject ? JsonKind.Object : JsonKind.Array;
        node.Depth = (byte)Math.Min(depth, JsonNode.Deepest);
        node.Segment = (short)_segment;
        node.Next = _open;
        node.Start = _base + _at;
        _like = opened;
        _anew = 1;
        if (twin >= 0 && _nodes[twin].Kind == node.Kind && (isObject ? _text.Length - _at >= TwinReach : _nodes[twin + 1].Kind == JsonKind.Object))
        {
            _like = twin + 1;
            _anew = 0;
        }

        _open = opened;
        _depth = depth;
        _members = 0;
        _twin = -1;
        _at++;
        byte first = At(_text, _at);
        if (first <= ' ') first = At(_text, _at = SkipBlanks(_at));
        if (first == (isObject ? '}' : ']')) Close();
        else _place = isObject ? Place.BeforeName : Place.BeforeValue;
        return true;
    }

    // The container that is open ends here.
    private void Close()
    {
        _at++;
        ref JsonNode container = ref _nodes[_open];
        int outer = container.Next;
        container.Offset = _members;
        container.Next = _count;
        container.Length = 0;
        if (container.Kind == JsonKind.Object)
        {
            _keys += _members;
            if (_anew != 0 && (_anew >= Escapes || MayRepeat(_open)) && IsUnsettled(_open)) Unsettle(_open);
        }

        if (_altered < container.Start - _base) container.Length = _base + _at - container.Start;
        _open = outer;
        _depth--;
        _place = Place.BehindValue;
        if (outer < 0) return;
        container = ref _nodes[outer];
        _members = container.Offset + 1;
        _anew = container.Length;
        _like = _tape.Likes(_depth)[_depth];
    }

    private bool TryGrow()
    {
        if (_nodes.Length < JsonTape.MostNodes)
        {
            _nodes = _tape.Grow();
            return true;
        }

        _fault = JsonFault.TooMany;
        return false;
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
        if (text[end] != '"')
        {
            end = SkipEscapes(text, end);
            if (end < 0) return -1;
            Set(ref node, kind, start, end - start);
            node.Segment = JsonNode.Escaped;
            return end + 1;
        }

        Set(ref node, kind, start, end - start);
        return end + 1;
    }

    // From what may be a backslash to the quote; -1 where no escape begins, or none ends.
    private int SkipEscapes(ReadOnlySpan<byte> text, int at)
    {
        while (text[at] == '\\')
        {
            byte escape = At(text, at + 1);
            if (escape is (byte)'/' or (byte)'u') _altered = at;
            switch (escape)
            {
                case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                    at += 2;
                    break;
                case (byte)'u':
                    if (text.Length - at < 6) return -1;
                    foreach (byte digit in text.Slice(at + 2, 4))
                    {
                        if (!char.IsAsciiHexDigit((char)digit)) return -1;
                    }

                    at += 6;
                    break;
                default:
                    return -1;
            }

            int plain = ShortText.PlainLength(text, at);
            if ((uint)plain >= ShortText.Width) plain = text[at..].IndexOfAny(s_special);
            if (plain < 0) return -1;
            at += plain;
        }

        return text[at] == '"' ? at : -1;
    }

    // Whether two names of an object may be the same: the last bits of their hashes are.
    private readonly bool MayRepeat(int owner)
    {
        ulong names = 0;
        int end = _nodes[owner].Next;
        for (int key = owner + 1; key < end; key = _tape.After(key + 1)) names |= 1UL << _nodes[key].Next;
        return BitOperations.PopCount(names) < _nodes[owner].Offset;
    }

    // Whether a name of an object comes twice, or has escapes, so that it may.
    private readonly bool IsUnsettled(int owner)
    {
        int end = _nodes[owner].Next;
        int count = _nodes[owner].Offset;
        if (count <= 16)
        {
            for (int key = owner + 1; key < end; key = _tape.After(key + 1))
            {
                if (_nodes[key].IsEscaped) return true;
                for (int earlier = owner + 1; earlier < key; earlier = _tape.After(earlier + 1))
                {
                    if (IsSame(_nodes[earlier], _nodes[key])) return true;
                }
            }

            return false;
        }

        Span<int> table = _tape.RentTable(count);
        int mask = table.Length - 1;
        for (int key = owner + 1; key < end; key = _tape.After(key + 1))
        {
            if (_nodes[key].IsEscaped) return true;
            int slot = _nodes[key].Next & mask;
            for (; table[slot] != 0; slot = (slot + 1) & mask)
            {
                if (IsSame(_nodes[table[slot]], _nodes[key])) return true;
            }

            table[slot] = key;
        }

        return false;
    }

    // Nobody is to take its names for as different as names must be.
    private void Unsettle(int owner)
    {
        int end = _nodes[owner].Next;
        for (int key = owner + 1; key < end; key = _tape.After(key + 1)) _nodes[key].Depth = JsonNode.Deepest;
        _tape.AddUnsettled(owner);
        _altered = _at;
    }

    private enum Place
    {
        /// <summary>Before a value: an element of an array, or what a name has.</summary>
        BeforeValue,
        BeforeName,
        BehindValue,
    }
}

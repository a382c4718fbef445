using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeProxy.Core.Json;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Json;

/// <summary>Makes a tape of tokens that somebody has read already, node for token, as <see cref="JsonReader"/> would make it of the text.</summary>
/// <remarks>
/// Tokens are stricter than a tape needs, so what they are of is JSON. They do not say where blanks are; that is told by gaps. An object in which a name comes twice is left
/// to the reader, which then reads the whole text.
/// </remarks>
internal ref struct TapeFiller
{
    private readonly Memory _memory;
    private readonly ReadOnlySpan<byte> _text;
    private readonly ReadOnlySpan<JsonToken> _tokens;
    private readonly Span<JsonNode> _nodes;
    private readonly int _root;
    private readonly int _firstKey;
    private readonly short _segment;
    private readonly int _base;
    private int _keys;

    // As the reader's: where the last thing stands that JSON is not written with.
    private int _altered;

    private TapeFiller(Memory memory, Value text, JsonTokens tokens, int root)
    {
        JsonTape tape = memory.Tape;
        while (tape.Nodes.Length - root < tokens.Count) tape.Grow();
        _memory = memory;
        _text = memory.Bytes(text);
        _tokens = tokens.View(_text).Tokens;
        _nodes = tape.Nodes.AsSpan(root, tokens.Count);
        _root = root;
        _firstKey = tape.FirstKey + root;
        _segment = (short)text.A;
        _base = text.Offset;
        _altered = -1;
    }

    /// <summary>Fills the tape.</summary>
    /// <param name="memory">Whose tape takes the nodes.</param>
    /// <param name="text">The text; strings without escapes stay ranges of it.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="isFilled">Whether it was done; else the text is nested too deeply, or has more nodes than allowed, and nothing is left on the tape.</param>
    /// <param name="root">The first node.</param>
    /// <returns>False, with nothing done, when the text is to be read.</returns>
    public static bool TryFill(Memory memory, Value text, JsonTokens tokens, out bool isFilled, out int root)
    {
        root = memory.Tape.Count;
        isFilled = false;
        if (tokens.Count == 0 || tokens.TextLength != text.Length || tokens.Count > memory.Limits.Items || text.A > short.MaxValue) return false;
        int texts = memory.Texts.Length;
        var filler = new TapeFiller(memory, text, tokens, root);
        switch (filler.Fill())
        {
            case Outcome.Repeated:
                memory.Texts.Truncate(texts);
                return false;
            case Outcome.Filled when memory.TryCharge(tokens.Count - filler._keys):
                memory.Tape.SetCount(root + tokens.Count);
                isFilled = true;
                break;
        }

        return true;
    }

    private Outcome Fill()
    {
        ReadOnlySpan<byte> text = _text;

        // Tokens lead to each other within their text, and there is a node for each.
        ref JsonToken tokens = ref MemoryMarshal.GetReference(_tokens);
        ref JsonNode nodes = ref MemoryMarshal.GetReference(_nodes);
        int next = 0;
        int at = 0;
        int open = -1;
        int end = 0;
        int depth = 0;
        bool isObject = false;
        int names = 0;

    Value:
        ref readonly JsonToken token = ref Unsafe.Add(ref tokens, next);
        ref JsonNode node = ref Unsafe.Add(ref nodes, next);
        switch (token.Kind)
        {
            case JsonTokenKind.String:
                if (token.Start - 1 != at) _altered = token.Start - 2;
                at = token.Start + token.Length + 1;
                if (!token.IsEscaped) Set(ref node, JsonKind.String, token);
                else if (!TryUnescape(token, ref node, JsonKind.String)) return Outcome.Refused;
                break;
            case JsonTokenKind.Integer or JsonTokenKind.Number:
                if (token.Start != at) _altered = token.Start - 1;
                at = token.Start + token.Length;
                SetNumber(ref node, token);
                break;
            case JsonTokenKind.Array or JsonTokenKind.Object:
                if (token.Start != at) _altered = token.Start - 1;
                if (++depth > _memory.Limits.Nesting) return Outcome.Refused;

                // Until it is closed, Length is the container around it, and that one's Next the names it has, a bit each.
                if (open >= 0) Unsafe.Add(ref nodes, open).Next = names;
                isObject = token.Kind == JsonTokenKind.Object;
                node.Kind = isObject ? JsonKind.Object : JsonKind.Array;
                node.Depth = (byte)Math.Min(depth, JsonNode.Deepest);
                node.Segment = _segment;
                node.Offset = token.Length;
                node.Length = open;
                node.Start = _base + token.Start;
                names = 0;
                open = next++;
                end = token.Next;
                at = token.Start + 1;
                if (next == end) goto Close;
                goto Next;
            default:
                if (token.Start != at) _altered = token.Start - 1;
                at = token.Start + token.Length;
                Set(ref node, token.Kind == JsonTokenKind.Null ? JsonKind.Null : token.Kind == JsonTokenKind.True ? JsonKind.True : JsonKind.False, token);
                break;
        }

        next++;
        if (open < 0) return Outcome.Filled;

    Behind:
        if (next == end) goto Close;
        at++;

    Next:
        // A name and a value, or a value.
        if (!isObject) goto Value;
        ref readonly JsonToken name = ref Unsafe.Add(ref tokens, next);
        ref JsonNode key = ref Unsafe.Add(ref nodes, next);
        if (name.Start - 1 != at) _altered = name.Start - 2;
        at = name.Start + name.Length + 2;
        if (name.Next != next)
        {
            // All but the place is that of the name before.
            key = Unsafe.Add(ref nodes, name.Next);
            key.Offset = _base + name.Start;
            if (name.IsEscaped && !TryUnescape(name, ref key, JsonKind.Key)) return Outcome.Refused;
        }
        else
        {
            if (!name.IsEscaped) Set(ref key, JsonKind.Key, name);
            else if (!TryUnescape(name, ref key, JsonKind.Key)) return Outcome.Refused;
            key.Depth = name.Depth;
            key.Next = TextHash.Of(_memory.Bytes(key));
            key.Start = _firstKey + next;
        }

        names |= 1 << key.Next;
        _keys++;
        next++;
        goto Value;

    Close:
        while (text[at] <= ' ') _altered = at++;
        at++;
        ref JsonNode container = ref Unsafe.Add(ref nodes, open);
        ref readonly JsonToken closed = ref Unsafe.Add(ref tokens, open);
        int outer = container.Length;
        container.Next = _root + end;
        container.Length = _altered < container.Start - _base ? _base + at - container.Start : 0;

        // As many bits as names, or names that are those of another object: none came twice.
        if (isObject && !closed.IsAlike && BitOperations.PopCount((uint)names) < closed.Length && IsRepeating(open)) return Outcome.Repeated;
        if (outer < 0) return Outcome.Filled;
        depth--;
        open = outer;
        isObject = Unsafe.Add(ref tokens, open).Kind == JsonTokenKind.Object;
        end = Unsafe.Add(ref tokens, open).Next;
        names = Unsafe.Add(ref nodes, open).Next;
        goto Behind;
    }

    // One store for kind, depth and segment, and none of what is left over: a node is new.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Set(ref JsonNode node, JsonKind kind, in JsonToken token) =>
        node = new JsonNode { Kind = kind, Segment = _segment, Offset = _base + token.Start, Length = token.Length };

    private void SetNumber(ref JsonNode node, in JsonToken token)
    {
        ReadOnlySpan<byte> number = _text.Slice(token.Start, token.Length);
        Set(ref node, token.Kind == JsonTokenKind.Integer ? JsonKind.Integer : JsonKind.Decimal, token);
        int start = number[0] == '-' ? 1 : 0;
        uint digits = 0;
        int at = start;
        for (; at < number.Length && (uint)(number[at] - '0') <= 9; at++) digits = (digits * 10) + (uint)(number[at] - '0');
        int whole = at - start;
        bool writesItself = number[start] != '0' || start == 0;
        int fraction = 0;
        if (token.Kind == JsonTokenKind.Number)
        {
            if (number[at] == '.')
            {
                for (at++; at < number.Length && (uint)(number[at] - '0') <= 9; at++) digits = (digits * 10) + (uint)(number[at] - '0');
            }

            fraction = at - start - whole - 1;
            writesItself = at == number.Length && fraction > 0 && JsonReader.WritesItself(number[start..], whole);
        }

        if (!writesItself) _altered = token.Start;
        node.Next = writesItself ? JsonNode.WritesItself : 0;

        // Digits of others may not fit.
        if (!writesItself || start > 0 || number[0] == '0' || whole + fraction > 9) return;
        node.Next |= JsonNode.HasDigits;
        node.Start = (int)digits;
        node.Depth = (byte)fraction;
    }

    // The text is made anew.
    private bool TryUnescape(in JsonToken token, ref JsonNode node, JsonKind kind)
    {
        TemplateOutput texts = _memory.Texts;
        int made = texts.Length;
        ReadOnlySpan<byte> raw = _text.Slice(token.Start, token.Length);
        for (int at = 0; ;)
        {
            int plain = raw[at..].IndexOf((byte)'\\');
            if (plain < 0)
            {
                texts.Write(raw[at..]);
                break;
            }

            texts.Write(raw.Slice(at, plain));
            at += plain + 2;
            byte escape = raw[at - 1];
            if (escape is (byte)'/' or (byte)'u') _altered = token.Start + at - 2;
            if (escape == 'u')
            {
                int unit = Unit(raw, at);
                at += 4;
                if (char.IsHighSurrogate((char)unit) && at + 6 <= raw.Length && raw[at] == '\\' && raw[at + 1] == 'u' && Unit(raw, at + 2) is var low && char.IsLowSurrogate((char)low))
                {
                    unit = char.ConvertToUtf32((char)unit, (char)low);
                    at += 6;
                }

                Utf8.Write(unit, texts);
                continue;
            }

            texts.Write(escape switch { (byte)'b' => 8, (byte)'f' => 12, (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, _ => escape });
        }

        if (texts.Overflowed) return false;
        node.Kind = kind;
        node.Segment = Memory.TextSegment;
        node.Offset = made;
        node.Length = texts.Length - made;
        return true;
    }

    private static int Unit(ReadOnlySpan<byte> text, int at)
    {
        int unit = 0;
        foreach (byte digit in text.Slice(at, 4)) unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        return unit;
    }

    private readonly bool IsRepeating(int owner)
    {
        int end = _tokens[owner].Next;
        Span<int> table = _memory.RentTable(_tokens[owner].Length);
        int mask = table.Length - 1;
        for (int key = owner + 1; key < end; key = _tokens[key + 1].Next)
        {
            int slot = _nodes[key].Next & mask;
            for (; table[slot] != 0; slot = (slot + 1) & mask)
            {
                ref readonly JsonNode other = ref _nodes[table[slot]];
                if (other.Next == _nodes[key].Next && _memory.Bytes(other).SequenceEqual(_memory.Bytes(_nodes[key]))) return true;
            }

            table[slot] = key;
        }

        return false;
    }

    private enum Outcome
    {
        Filled,

        /// <summary>Nested too deeply, or more text than allowed.</summary>
        Refused,

        /// <summary>A name comes twice in an object.</summary>
        Repeated,
    }
}

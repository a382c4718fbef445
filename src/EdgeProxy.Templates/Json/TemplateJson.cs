using EdgeProxy.Core.Json;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Json;

/// <summary>JSON as templates see it: strings without their escapes, and of a name that comes twice in an object the place of the first with the value of the last, as Java's map keeps it.</summary>
internal ref struct TemplateJson
{
    private readonly Memory _memory;
    private readonly JsonTape _tape;
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _origin;

    private TemplateJson(Memory memory, Value text)
    {
        _memory = memory;
        _tape = memory.Tape;
        _text = memory.Bytes(text);
        _origin = text.Offset;
    }

    /// <summary>Reads a whole text.</summary>
    /// <param name="memory">Whose tape takes the nodes.</param>
    /// <param name="text">The text; strings without escapes stay ranges of it.</param>
    /// <param name="root">The first node.</param>
    /// <param name="singly">Whether each thing is read on its own, as what is not plain always is. For tests.</param>
    /// <returns>False when it is not JSON, or nested too deeply, or has more nodes than allowed; then nothing is left on the tape.</returns>
    public static bool TryRead(Memory memory, Value text, out int root, bool singly = false)
    {
        JsonTape tape = memory.Tape;
        root = tape.Count;
        if (memory.HoldsBody) tape.Take(); // what the tape says of a reading is that of another text from now on
        memory.HoldsBody = false;
        if (text.A > short.MaxValue) return false;

        // Names are not counted, of which there is at most one to a value. Whoever has more nodes than that has too many.
        TemplateLimits limits = memory.Limits;
        var most = new JsonLimits(limits.Nesting, (int)Math.Min(int.MaxValue, (limits.Items * 2L) + 4));
        switch (JsonReader.Read(tape, memory.Bytes(text), text.A, text.Offset, most, singly))
        {
            case JsonFault.None:
                return TrySettle(memory, text, root);
            case JsonFault.TooMany:
                memory.TryCharge(int.MaxValue);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Takes the reading that the tape begins with.</summary>
    /// <param name="memory">Whose tape it is.</param>
    /// <param name="text">What was read.</param>
    /// <returns>False when it has more nodes or text than allowed.</returns>
    public static bool TryTake(Memory memory, Value text)
    {
        memory.HoldsBody = false;
        memory.Tape.Take();
        return TrySettle(memory, text, 0);
    }

    private static bool TrySettle(Memory memory, Value text, int root)
    {
        JsonTape tape = memory.Tape;
        bool isSettled = memory.TryCharge(tape.Count - root - tape.Names) && ((tape.LastEscaped < 0 && tape.Unsettled.IsEmpty) || new TemplateJson(memory, text).TrySettle());
        if (!isSettled) tape.Truncate(root);
        return isSettled;
    }

    private bool TrySettle()
    {
        for (int node = _tape.LastEscaped; node >= 0;)
        {
            ref JsonNode text = ref _tape[node];
            node = text.Start;
            if (!TryUnescape(ref text)) return false;
        }

        foreach (int owner in _tape.Unsettled)
        {
            int end = _tape[owner].Next;
            for (int key = owner + 1; key < end; key = _tape.After(key + 1))
            {
                ref JsonNode name = ref _tape[key];
                if (!name.IsEscaped) continue;
                if (!TryUnescape(ref name)) return false;
                name.Next = TextHash.Of(_memory.Bytes(name));
            }

            DropRepeated(owner);
        }

        return true;
    }

    // The text is made anew.
    private bool TryUnescape(ref JsonNode node)
    {
        TemplateOutput texts = _memory.Texts;
        int made = texts.Length;
        int start = node.Offset - _origin;
        int length = ShortText.CopyUnescaped(_text, start, texts.Bytes, made, out int end);
        if (length >= 0 && end == start + node.Length)
        {
            texts.Commit(length);
        }
        else
        {
            WriteUnescaped(_text.Slice(start, node.Length), texts);
            if (texts.Overflowed) return false;
            length = texts.Length - made;
        }

        node.Segment = Memory.TextSegment;
        node.Offset = made;
        node.Length = length;
        return true;
    }

    private static void WriteUnescaped(ReadOnlySpan<byte> raw, TemplateOutput texts)
    {
        for (int at = 0; ;)
        {
            int plain = raw[at..].IndexOf((byte)'\\');
            if (plain < 0)
            {
                texts.Write(raw, at, raw.Length - at);
                return;
            }

            texts.Write(raw, at, plain);
            at += plain + 2;
            byte escape = raw[at - 1];
            if (escape != 'u')
            {
                texts.Write(escape switch { (byte)'b' => 8, (byte)'f' => 12, (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, _ => escape });
                continue;
            }

            int unit = Unit(raw, at);
            at += 4;
            if (char.IsHighSurrogate((char)unit) && at + 6 <= raw.Length && raw[at] == '\\' && raw[at + 1] == 'u' && Unit(raw, at + 2) is var low && char.IsLowSurrogate((char)low))
            {
                unit = char.ConvertToUtf32((char)unit, (char)low);
                at += 6;
            }

            Utf8.Write(unit, texts);
        }
    }

    private static int Unit(ReadOnlySpan<byte> text, int at)
    {
        int unit = 0;
        foreach (byte digit in text.Slice(at, 4)) unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        return unit;
    }

    // Java's map keeps the place of the first and the value of the last.
    private void DropRepeated(int owner)
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

        Span<int> table = _tape.RentTable(count);
        int mask = table.Length - 1;
        for (int key = owner + 1; key < end; key = _tape.After(key + 1))
        {
            int slot = _tape[key].Next & mask;
            while (table[slot] != 0 && !TryMerge(owner, table[slot], key)) slot = (slot + 1) & mask;
            if (table[slot] == 0) table[slot] = key;
        }
    }

    private bool TryMerge(int owner, int earlier, int later)
    {
        ref JsonNode first = ref _tape[earlier];
        if (first.Kind != JsonKind.Key || first.Next != _tape[later].Next || !_memory.Bytes(first).SequenceEqual(_memory.Bytes(_tape[later]))) return false;
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

using System.Text;
using EdgeProxy.Core.Patterns;
using EdgeProxy.Core.Text;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Functions;

/// <summary>Methods of java.lang.String, and the statics that any text gives access to.</summary>
internal static class StringMethods
{
    public static Value Call(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments)
    {
        Memory memory = machine.Memory;
        ReadOnlySpan<byte> text = memory.Bytes(target);
        if (!machine.TryStepsFor(text.Length)) return Value.Null;

        // Statics that take what else there is.
        switch (method)
        {
            case MethodName.Format when arguments.Length >= 1 && arguments[0].IsText:
                return JavaFormat.Format(machine, arguments[0], arguments[1..]);
            case MethodName.ValueOf when arguments.Length == 1:
                return arguments[0].IsNull ? memory.Keep("null"u8) : machine.TextOf(arguments[0]);
            case MethodName.Join when arguments.Length >= 1 && arguments[0].IsText:
                return JoinAll(machine, arguments[0], arguments[1..]);
        }

        return arguments.Length switch
        {
            0 => Call(machine, target, text, method),
            1 => Call(machine, target, text, method, arguments[0]),
            2 => Call(machine, target, text, method, arguments[0], arguments[1]),
            _ => Value.Null,
        };
    }

    private static bool IsSearch(MethodName method) =>
        method is MethodName.Contains or MethodName.IndexOf or MethodName.LastIndexOf or MethodName.Replace or MethodName.ReplaceAll or MethodName.ReplaceFirst or MethodName.Split;

    /// <summary>The texts of a list with a text between them.</summary>
    public static Value Join(Machine machine, Value between, Value list)
    {
        TemplateOutput output = machine.Output;
        int start = output.Length;
        var children = new Children(machine.Memory, list);
        bool first = true;
        while (children.MoveNext() && machine.TryStep())
        {
            if (!first) output.Write(machine.Memory.Bytes(between));
            first = false;
            if (children.Current.IsNull) output.Write("null"u8);
            else Writing.Write(children.Current, machine, output);
        }

        Value joined = machine.Memory.Keep(output.Written[start..]);
        output.Truncate(start);
        return joined;
    }

    private static Value JoinAll(Machine machine, Value between, ReadOnlySpan<Value> parts)
    {
        if (parts.Length == 1 && machine.Memory.Resolve(parts[0]).Kind is ValueKind.List or ValueKind.JsonArray) return Join(machine, between, parts[0]);
        Value list = machine.Memory.NewList();
        foreach (Value part in parts) machine.Memory.Add(list, part);
        return Join(machine, between, list);
    }

    private static Value Call(Machine machine, Value target, ReadOnlySpan<byte> text, MethodName method)
    {
        switch (method)
        {
            case MethodName.Length:
                return Value.Of((long)Utf8.Units(text));
            case MethodName.IsEmpty:
                return Value.Of(text.IsEmpty);
            case MethodName.IsBlank:
                return Value.Of(text.Trim(" \t\r\n\f\v"u8).IsEmpty);
            case MethodName.ToLowerCase:
                return ChangeCase(machine, text, upper: false);
            case MethodName.ToUpperCase:
                return ChangeCase(machine, text, upper: true);
            case MethodName.Intern:
                return target;
            case MethodName.Trim or MethodName.Strip:
                int start = 0;
                int end = text.Length;
                while (start < end && text[start] <= ' ') start++;
                while (end > start && text[end - 1] <= ' ') end--;
                return target.Slice(start, end - start);
            case MethodName.GetBytes:
                Value bytes = machine.Memory.NewList();
                foreach (byte value in text) machine.Memory.Add(bytes, Value.Of((long)(sbyte)value));
                return bytes;
            default:
                return Value.Null;
        }
    }

    private static Value Call(Machine machine, Value target, ReadOnlySpan<byte> text, MethodName method, Value argument)
    {
        if (Methods.TryInt(argument, out int number))
        {
            switch (method)
            {
                case MethodName.CharAt:
                    if (number < 0 || number >= Utf8.Units(text)) return machine.Fail(TemplateFault.IndexOutOfRange);
                    return Cut(machine, target, text, number, number + 1);
                case MethodName.Substring:
                    return Cut(machine, target, text, number, Utf8.Units(text));
                case MethodName.Repeat:
                    if (number < 0) return machine.Fail(TemplateFault.IndexOutOfRange);
                    int from = machine.Memory.Texts.Length;
                    for (int i = 0; i < number && machine.TryStepsFor(text.Length) && !machine.Memory.Texts.Overflowed; i++) machine.Memory.Texts.Write(text);
                    return machine.Memory.TextFrom(from);
                default:
                    return Value.Null;
            }
        }

        if (!argument.IsText) return Value.Null;
        ReadOnlySpan<byte> other = machine.Memory.Bytes(argument);
        if (IsSearch(method) && !machine.TryStepsForSearch(text.Length, other.Length)) return Value.Null;
        switch (method)
        {
            case MethodName.EqualsIgnoreCase:
                return Value.Of(CompareIgnoringCase(text, other) == 0);
            case MethodName.CompareTo:
                return Value.Of((long)Compare(text, other));
            case MethodName.CompareToIgnoreCase:
                return Value.Of((long)CompareIgnoringCase(text, other));
            case MethodName.Contains:
                return Value.Of(text.IndexOf(other) >= 0);
            case MethodName.StartsWith:
                return Value.Of(text.StartsWith(other));
            case MethodName.EndsWith:
                return Value.Of(text.EndsWith(other));
            case MethodName.IndexOf:
                int found = text.IndexOf(other);
                return Value.Of(found < 0 ? -1L : Utf8.Units(text[..found]));
            case MethodName.LastIndexOf:
                int last = text.LastIndexOf(other);
                return Value.Of(last < 0 ? -1L : Utf8.Units(text[..last]));
            case MethodName.Concat:
                return Operators.Join(machine, target, argument);
            case MethodName.Matches:
                if (machine.Patterns.Find(machine, other) is not { } pattern) return machine.Fail(TemplateFault.InvalidPattern);
                return Value.Of(machine.Matches(pattern, text));
            case MethodName.Split:
                return Split(machine, target, text, other, 0);
            default:
                return Value.Null;
        }
    }

    private static Value Call(Machine machine, Value target, ReadOnlySpan<byte> text, MethodName method, Value first, Value second)
    {
        bool hasStart = Methods.TryInt(first, out int start);
        bool hasNumber = Methods.TryInt(second, out int number);
        if (method == MethodName.Substring) return hasStart && hasNumber ? Cut(machine, target, text, start, number) : Value.Null;
        if (!first.IsText) return Value.Null;
        ReadOnlySpan<byte> other = machine.Memory.Bytes(first);
        if (IsSearch(method) && !machine.TryStepsForSearch(text.Length, other.Length)) return Value.Null;
        if (hasNumber)
        {
            switch (method)
            {
                case MethodName.StartsWith:
                    if (number < 0 || number > Utf8.Units(text)) return Value.False;
                    return Value.Of(text[Utf8.OffsetOf(text, number, out _)..].StartsWith(other));
                case MethodName.IndexOf:
                    int from = Utf8.OffsetOf(text, Math.Max(0, number), out _);
                    int found = text[from..].IndexOf(other);
                    return Value.Of(found < 0 ? -1L : Utf8.Units(text[..(from + found)]));
                case MethodName.LastIndexOf:
                    if (number < 0) return Value.Of(-1L);
                    int until = Math.Min(text.Length, Utf8.OffsetOf(text, number, out _) + other.Length);
                    int last = text[..until].LastIndexOf(other);
                    return Value.Of(last < 0 ? -1L : Utf8.Units(text[..last]));
                case MethodName.Split:
                    return Split(machine, target, text, other, number);
                default:
                    return Value.Null;
            }
        }

        if (!second.IsText) return Value.Null;
        switch (method)
        {
            case MethodName.Replace:
                return Replace(machine, target, text, other, machine.Memory.Bytes(second));
            case MethodName.ReplaceAll:
                return ReplacePattern(machine, target, text, other, machine.Memory.Bytes(second), all: true);
            case MethodName.ReplaceFirst:
                return ReplacePattern(machine, target, text, other, machine.Memory.Bytes(second), all: false);
            default:
                return Value.Null;
        }
    }

    // Positions are UTF-16 units. Half of a pair cannot be written and becomes a question mark.
    private static Value Cut(Machine machine, Value target, ReadOnlySpan<byte> text, int start, int end)
    {
        if (start < 0 || end < start || end > Utf8.Units(text)) return machine.Fail(TemplateFault.IndexOutOfRange);
        int from = Utf8.OffsetOf(text, start, out bool splitsFirst);
        int to = Utf8.OffsetOf(text, end, out bool splitsLast);
        if (!splitsFirst && !splitsLast) return target.Slice(from, to - from);
        TemplateOutput texts = machine.Memory.Texts;
        int made = texts.Length;
        if (splitsFirst && end > start)
        {
            texts.Write((byte)'?');
            from = Math.Min(from + 4, text.Length);
        }

        if (to > from) texts.Write(text[from..to]);
        if (splitsLast && end > start + (splitsFirst ? 1 : 0)) texts.Write((byte)'?');
        return machine.Memory.TextFrom(made);
    }

    private static Value ChangeCase(Machine machine, ReadOnlySpan<byte> text, bool upper)
    {
        TemplateOutput texts = machine.Memory.Texts;
        int start = texts.Length;
        if (Ascii.IsValid(text))
        {
            Span<byte> room = texts.Reserve(text.Length);
            if (room.Length < text.Length) return Value.Null;
            if (upper) Ascii.ToUpper(text, room, out _);
            else Ascii.ToLower(text, room, out _);
            texts.Commit(text.Length);
            return machine.Memory.TextFrom(start);
        }

        for (int at = 0; at < text.Length;)
        {
            int character = CodePoints.At(text, at, out int length);
            at += length;

            // The one letter in common use whose upper case is two.
            if (upper && character == 0xDF) texts.Write("SS"u8);
            else if (!Rune.TryCreate(character, out Rune rune)) Utf8.Write(character, texts);
            else Utf8.Write((upper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune)).Value, texts);
        }

        return machine.Memory.TextFrom(start);
    }

    // By UTF-16 units: the difference of the first that differ, else of the lengths.
    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int same = left.CommonPrefixLength(right);
        while (same > 0 && ((same < left.Length && (left[same] & 0xC0) == 0x80) || (same < right.Length && (right[same] & 0xC0) == 0x80))) same--;
        if (same >= left.Length || same >= right.Length) return Utf8.Units(left) - Utf8.Units(right);
        return FirstUnit(CodePoints.At(left, same, out _), CodePoints.At(right, same, out _));

        static int FirstUnit(int left, int right)
        {
            int leftHigh = left >= 0x10000 ? 0xD7C0 + (left >> 10) : left;
            int rightHigh = right >= 0x10000 ? 0xD7C0 + (right >> 10) : right;
            return leftHigh != rightHigh ? leftHigh - rightHigh : (left & 0x3FF) - (right & 0x3FF);
        }
    }

    private static int CompareIgnoringCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int i = 0;
        int j = 0;
        while (i < left.Length && j < right.Length)
        {
            int first = Fold(CodePoints.At(left, i, out int firstLength));
            int second = Fold(CodePoints.At(right, j, out int secondLength));
            if (first != second) return first - second;
            i += firstLength;
            j += secondLength;
        }

        return Utf8.Units(left[i..]) - Utf8.Units(right[j..]);

        static int Fold(int character) => Rune.TryCreate(character, out Rune rune) ? Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).Value : character;
    }

    private static Value Replace(Machine machine, Value target, ReadOnlySpan<byte> text, ReadOnlySpan<byte> what, ReadOnlySpan<byte> with)
    {
        if (what.IsEmpty) return ReplaceNothing(machine, text, with);
        int found = text.IndexOf(what);
        if (found < 0) return target;
        TemplateOutput texts = machine.Memory.Texts;
        int start = texts.Length;
        while (found >= 0 && machine.TryStep())
        {
            texts.Write(text[..found]);
            texts.Write(with);
            text = text[(found + what.Length)..];
            found = text.IndexOf(what);
        }

        texts.Write(text);
        return machine.Memory.TextFrom(start);
    }

    // The empty text is found before each unit and at the end.
    private static Value ReplaceNothing(Machine machine, ReadOnlySpan<byte> text, ReadOnlySpan<byte> with)
    {
        TemplateOutput texts = machine.Memory.Texts;
        int start = texts.Length;
        texts.Write(with);
        for (int at = 0; at < text.Length && machine.TryStep();)
        {
            int length = Utf8.LengthAt(text, at);
            texts.Write(text.Slice(at, length));
            texts.Write(with);
            at += length;
        }

        return machine.Memory.TextFrom(start);
    }

    private static Value ReplacePattern(Machine machine, Value target, ReadOnlySpan<byte> text, ReadOnlySpan<byte> regex, ReadOnlySpan<byte> with, bool all)
    {
        if (machine.Patterns.Find(machine, regex) is not { } pattern) return machine.Fail(TemplateFault.InvalidPattern);
        PatternRun run = machine.PatternRun;
        TemplateOutput texts = machine.Memory.Texts;
        int start = texts.Length;
        int done = 0;
        int from = 0;
        bool any = false;
        while (from <= text.Length && machine.TryStep() && machine.Finds(pattern, text, from))
        {
            any = true;
            (int matchStart, int matchEnd) = (run.Start(0), run.End(0));
            texts.Write(text[done..matchStart]);
            if (!TryExpand(pattern, run, text, with, texts)) return machine.Fail(TemplateFault.InvalidPattern);
            done = matchEnd;
            from = matchEnd > matchStart ? matchEnd : matchEnd + (matchEnd < text.Length ? Utf8.LengthAt(text, matchEnd) : 1);
            if (!all) break;
        }

        if (!any) return target;
        texts.Write(text[done..]);
        return machine.Memory.TextFrom(start);
    }

    // $1 and ${name} are groups; a backslash takes the next character as it is.
    private static bool TryExpand(PatternProgram pattern, PatternRun run, ReadOnlySpan<byte> text, ReadOnlySpan<byte> with, TemplateOutput output)
    {
        Span<char> name = stackalloc char[64];
        for (int at = 0; at < with.Length; at++)
        {
            byte value = with[at];
            if (value is not ((byte)'$' or (byte)'\\'))
            {
                output.Write(value);
                continue;
            }

            if (++at >= with.Length) return false;
            if (value == '\\')
            {
                output.Write(with[at]);
                continue;
            }

            int group;
            if (with[at] == '{')
            {
                int close = with[at..].IndexOf((byte)'}');
                if (close < 0 || !pattern.Names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(NameOf(with.Slice(at + 1, close - 1), name), out group)) return false;
                at += close;
            }
            else
            {
                if (!char.IsAsciiDigit((char)with[at])) return false;
                group = with[at] - '0';
                if (group > pattern.Groups) return false;
                while (at + 1 < with.Length && char.IsAsciiDigit((char)with[at + 1]) && (group * 10) + with[at + 1] - '0' <= pattern.Groups) group = (group * 10) + with[++at] - '0';
            }

            int start = run.Start(group);
            if (start >= 0 && run.End(group) >= start) output.Write(text[start..run.End(group)]);
        }

        return true;

        static ReadOnlySpan<char> NameOf(ReadOnlySpan<byte> name, Span<char> into) => name.Length <= into.Length ? into[..Encoding.Latin1.GetChars(name, into)] : default;
    }

    // As Java: a match of nothing at the beginning gives no empty part, and with a limit of 0 empty parts at the end are dropped.
    private static Value Split(Machine machine, Value target, ReadOnlySpan<byte> text, ReadOnlySpan<byte> regex, int limit)
    {
        if (machine.Patterns.Find(machine, regex) is not { } pattern) return machine.Fail(TemplateFault.InvalidPattern);
        Memory memory = machine.Memory;
        Value parts = memory.NewList();
        PatternRun run = machine.PatternRun;
        int done = 0;
        int from = 0;
        int last = 0;
        while (from <= text.Length && (limit <= 0 || memory.List(parts).Count < limit - 1) && machine.TryStep() && machine.Finds(pattern, text, from))
        {
            (int start, int end) = (run.Start(0), run.End(0));
            from = end > start ? end : end + (end < text.Length ? Utf8.LengthAt(text, end) : 1);
            if (end == 0 || (start == end && start == text.Length)) continue;
            memory.Add(parts, target.Slice(done, start - done));
            if (start > done) last = memory.List(parts).Count;
            done = end;
        }

        memory.Add(parts, target.Slice(done, text.Length - done));
        VtlList list = memory.List(parts);
        if (done < text.Length || list.Count == 1) last = list.Count;
        if (limit == 0)
        {
            while (list.Count > last) list.RemoveAt(list.Count - 1);
        }

        return parts;
    }
}

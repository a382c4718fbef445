using System.Buffers;

namespace EdgeProxy.Templates.Execution;

/// <summary>The text of values (rest-api.md 6.5): Java's <c>toString</c>, and JSON for arrays of JSON.</summary>
internal static class Writing
{
    private static readonly SearchValues<byte> s_escaped = SearchValues.Create(
        [(byte)'"', (byte)'\\', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    /// <summary>Writes a value as text; nothing for null.</summary>
    public static void Write(Value value, Machine machine, TemplateOutput output)
    {
        if (!value.IsNull) WriteElement(value, machine, output, 0);
    }

    /// <summary>Writes a value as compact JSON.</summary>
    public static void WriteJson(Value value, Machine machine, TemplateOutput output) => WriteJson(value, machine, output, 0);

    public static void WriteJsonText(ReadOnlySpan<byte> text, TemplateOutput output)
    {
        output.Write((byte)'"');
        while (true)
        {
            int plain = text.IndexOfAny(s_escaped);
            if (plain < 0) break;
            output.Write(text[..plain]);
            byte value = text[plain];
            text = text[(plain + 1)..];
            switch (value)
            {
                case (byte)'"' or (byte)'\\':
                    output.Write((byte)'\\');
                    output.Write(value);
                    break;
                case 8:
                    output.Write("\\b"u8);
                    break;
                case 9:
                    output.Write("\\t"u8);
                    break;
                case 10:
                    output.Write("\\n"u8);
                    break;
                case 12:
                    output.Write("\\f"u8);
                    break;
                case 13:
                    output.Write("\\r"u8);
                    break;
                default:
                    WriteUnit(value, output);
                    break;
            }
        }

        output.Write(text);
        output.Write((byte)'"');
    }

    /// <summary>Writes <c>\uXXXX</c>.</summary>
    public static void WriteUnit(int unit, TemplateOutput output)
    {
        output.Write("\\u"u8);
        for (int shift = 12; shift >= 0; shift -= 4) output.Write("0123456789ABCDEF"u8[(unit >> shift) & 15]);
    }

    private static void WriteElement(Value value, Machine machine, TemplateOutput output, int depth)
    {
        Memory memory = machine.Memory;
        value = memory.Resolve(value);
        switch (value.Kind)
        {
            case ValueKind.Null:
                output.Write("null"u8);
                break;
            case ValueKind.Boolean:
                output.Write(value.Boolean ? "true"u8 : "false"u8);
                break;
            case ValueKind.Integer:
                Numbers.Write(value.Integer, output);
                break;
            case ValueKind.Decimal:
                Numbers.Write(value.Decimal, output);
                break;
            case ValueKind.String or ValueKind.BigNumber:
                output.Write(memory.Bytes(value));
                break;
            case ValueKind.JsonArray:
                WriteJson(value, machine, output, depth);
                break;
            case ValueKind.List when memory.List(value).IsJson:
                WriteJson(value, machine, output, depth);
                break;
            case ValueKind.List:
                WriteList(value, machine, output, depth);
                break;
            case ValueKind.Map or ValueKind.JsonObject:
                WriteMap(value, machine, output, depth);
                break;
            case ValueKind.Context or ValueKind.StageVariables:
                WriteMap(machine.Materialise(value), machine, output, depth);
                break;
            case ValueKind.Entry:
                VtlMap map = memory.Map(value);
                if (value.Bits >= map.Count) break;
                WriteElement(map.Keys[(int)value.Bits], machine, output, depth + 1);
                output.Write((byte)'=');
                WriteElement(map.Values[(int)value.Bits], machine, output, depth + 1);
                break;
            case ValueKind.Block:
                machine.RunBlock(value);
                break;
            default:
                // $input, $util, $foreach, an iterator: Java's text for them is their class and address, which is nothing to rely on.
                break;
        }
    }

    private static void WriteList(Value value, Machine machine, TemplateOutput output, int depth)
    {
        if (!machine.TryEnter(depth)) return;
        output.Write((byte)'[');
        bool first = true;
        var children = new Children(machine.Memory, value);
        while (children.MoveNext() && machine.TryStep())
        {
            if (!first) output.Write(", "u8);
            first = false;
            if (children.Current.Kind == ValueKind.List && children.Current.A == value.A) output.Write("(this Collection)"u8);
            else WriteElement(children.Current, machine, output, depth + 1);
        }

        output.Write((byte)']');
    }

    private static void WriteMap(Value value, Machine machine, TemplateOutput output, int depth)
    {
        if (!machine.TryEnter(depth)) return;
        output.Write((byte)'{');
        bool first = true;
        var children = new Children(machine.Memory, value);
        while (children.MoveNext() && machine.TryStep())
        {
            if (!first) output.Write(", "u8);
            first = false;
            WriteElement(children.Key, machine, output, depth + 1);
            output.Write((byte)'=');
            if (value.Kind == ValueKind.Map && children.Current.Kind == ValueKind.Map && children.Current.A == value.A) output.Write("(this Map)"u8);
            else WriteElement(children.Current, machine, output, depth + 1);
        }

        output.Write((byte)'}');
    }

    private static void WriteJson(Value value, Machine machine, TemplateOutput output, int depth)
    {
        Memory memory = machine.Memory;
        value = memory.Resolve(value);
        if (memory.TryText(value, out Value read))
        {
            if (machine.TryStepsFor(read.Length)) output.Write(memory.Bytes(read));
            return;
        }

        switch (value.Kind)
        {
            case ValueKind.String:
                WriteJsonText(memory.Bytes(value), output);
                return;
            case ValueKind.Decimal when !double.IsFinite(value.Decimal):
                output.Write("null"u8);
                return;
            case ValueKind.Context or ValueKind.StageVariables:
                value = machine.Materialise(value);
                break;
            case ValueKind.JsonArray or ValueKind.JsonObject or ValueKind.List or ValueKind.Map:
                break;
            case ValueKind.Entry or ValueKind.Block:
                Value text = machine.TextOf(value);
                WriteJsonText(memory.Bytes(text), output);
                return;
            default:
                WriteElement(value, machine, output, depth);
                return;
        }

        if (!machine.TryEnter(depth)) return;
        bool isMap = value.Kind is ValueKind.JsonObject or ValueKind.Map;
        output.Write(isMap ? (byte)'{' : (byte)'[');
        bool first = true;
        var children = new Children(memory, value);
        while (children.MoveNext() && machine.TryStep())
        {
            if (!first) output.Write((byte)',');
            first = false;
            if (isMap)
            {
                WriteJsonText(memory.Bytes(children.Key.IsText ? children.Key : machine.TextOf(children.Key)), output);
                output.Write((byte)':');
            }

            WriteJson(children.Current, machine, output, depth + 1);
        }

        output.Write(isMap ? (byte)'}' : (byte)']');
    }
}

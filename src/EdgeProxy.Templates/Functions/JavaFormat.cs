using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Functions;

/// <summary>The conversions of java.util.Formatter that make sense for values of a template: s d x X o c b f e n %.</summary>
internal static class JavaFormat
{
    private const int Widest = 10_000;
    private const int MostDigits = 100;

    public static Value Format(Machine machine, Value format, ReadOnlySpan<Value> arguments)
    {
        Memory memory = machine.Memory;
        ReadOnlySpan<byte> text = memory.Bytes(format);
        TemplateOutput output = machine.Output;
        int start = output.Length;
        int next = 0;
        while (true)
        {
            int percent = text.IndexOf((byte)'%');
            output.Write(percent < 0 ? text : text[..percent]);
            if (percent < 0) break;
            text = text[(percent + 1)..];
            if (!TryRead(ref text, out Conversion conversion) || !machine.TryStep() || !TryWrite(machine, conversion, arguments, ref next, output))
            {
                output.Truncate(start);
                return machine.Fail(TemplateFault.InvalidFormat);
            }
        }

        Value made = memory.Keep(output.Written[start..]);
        output.Truncate(start);
        return made;
    }

    private static bool TryRead(ref ReadOnlySpan<byte> text, out Conversion conversion)
    {
        conversion = new Conversion { Precision = -1 };
        int number = ReadNumber(ref text);
        if (number > 0 && text is [(byte)'$', ..])
        {
            conversion.Argument = number;
            text = text[1..];
            number = 0;
        }

        if (number == 0)
        {
            while (!text.IsEmpty)
            {
                if (text[0] == '-') conversion.Left = true;
                else if (text[0] == '0') conversion.Zeros = true;
                else if (text[0] == ',') conversion.Grouped = true;
                else if (text[0] == '+') conversion.Plus = true;
                else if (text[0] == ' ') conversion.Space = true;
                else if (text[0] == '(') conversion.Bracket = true;
                else if (text[0] == '#') conversion.Alternate = true;
                else break;
                text = text[1..];
            }

            number = ReadNumber(ref text);
        }

        conversion.Width = number;
        if (text is [(byte)'.', ..])
        {
            text = text[1..];
            if (text.IsEmpty || !char.IsAsciiDigit((char)text[0])) return false;
            if (text[0] == '0')
            {
                conversion.Precision = 0;
                text = text[1..];
            }
            else
            {
                conversion.Precision = ReadNumber(ref text);
            }
        }

        if (text.IsEmpty || conversion.Width > Widest || conversion.Precision > MostDigits) return false;
        conversion.Kind = text[0];
        text = text[1..];
        return true;
    }

    // Zero is a flag where a number could begin.
    private static int ReadNumber(ref ReadOnlySpan<byte> text)
    {
        int number = 0;
        if (text is [(byte)'0', ..]) return 0;
        while (!text.IsEmpty && char.IsAsciiDigit((char)text[0]) && number <= Widest)
        {
            number = (number * 10) + text[0] - '0';
            text = text[1..];
        }

        return number;
    }

    private static bool TryWrite(Machine machine, Conversion conversion, ReadOnlySpan<Value> arguments, ref int next, TemplateOutput output)
    {
        if (conversion.Kind == 'n')
        {
            output.Write((byte)'\n');
            return true;
        }

        int start = output.Length;
        if (conversion.Kind == '%')
        {
            output.Write((byte)'%');
            Pad(conversion, start, output);
            return true;
        }

        int index = conversion.Argument > 0 ? conversion.Argument - 1 : next++;
        if (index >= arguments.Length) return false;
        Value value = machine.Memory.Resolve(arguments[index]);
        switch (conversion.Kind)
        {
            case (byte)'s' or (byte)'S':
                if (value.IsNull) output.Write("null"u8);
                else Writing.Write(value, machine, output);
                int units = Utf8.Units(output.Written[Math.Min(start, output.Length)..]);
                if (conversion.Precision >= 0 && conversion.Precision < units) output.Truncate(start + Utf8.OffsetOf(output.Written[start..], conversion.Precision, out _));
                break;
            case (byte)'b' or (byte)'B':
                output.Write((value.Kind == ValueKind.Boolean ? value.Boolean : !value.IsNull) ? "true"u8 : "false"u8);
                break;
            case (byte)'c' or (byte)'C' when value.Kind == ValueKind.Integer:
                Utf8.Write((int)Math.Clamp(value.Integer, -1, int.MaxValue), output);
                break;
            case (byte)'c' or (byte)'C' when value is { IsText: true, Length: <= 4 } && Utf8.Units(machine.Memory.Bytes(value)) == 1:
                output.Write(machine.Memory.Bytes(value));
                break;
            case (byte)'d' when value.Kind is ValueKind.Integer or ValueKind.BigNumber:
                if (value.Kind == ValueKind.BigNumber) machine.TryStepsFor(value.Length);
                WriteNumber(conversion, value.Kind == ValueKind.Integer ? value.Integer < 0 : machine.Memory.Bytes(value) is [(byte)'-', ..], start, machine, value, output);
                return true;
            case (byte)'x' or (byte)'X' or (byte)'o' when value.Kind == ValueKind.Integer:
                WriteUnsigned(conversion, value.Integer, output);
                break;
            case (byte)'f' or (byte)'e' or (byte)'E' when value.Kind is ValueKind.Decimal or ValueKind.BigNumber:
                WriteDecimal(conversion, Operators.ToDecimal(machine, value), start, output);
                return true;
            case (byte)'d' or (byte)'f' or (byte)'x' or (byte)'c' when value.IsNull:
                output.Write("null"u8);
                break;
            default:
                return false;
        }

        if (conversion.Kind is (byte)'S' or (byte)'B' or (byte)'X' or (byte)'C') System.Text.Ascii.ToUpperInPlace(output.Bytes.AsSpan(start, output.Length - start), out _);
        Pad(conversion, start, output);
        return true;
    }

    private static void WriteNumber(Conversion conversion, bool negative, int start, Machine machine, Value value, TemplateOutput output)
    {
        WriteSign(conversion, negative, output);
        int digits = output.Length;
        Writing.Write(value, machine, output);
        if (negative) Remove(output, digits, 1);
        if (conversion.Grouped) Group(output, digits, output.Length);
        Finish(conversion, negative, start, digits, output);
    }

    private static void WriteDecimal(Conversion conversion, double number, int start, TemplateOutput output)
    {
        bool negative = number < 0 || double.IsNegative(number);
        WriteSign(conversion, negative, output);
        int digits = output.Length;
        int precision = conversion.Precision < 0 ? 6 : conversion.Precision;
        if (!double.IsFinite(number))
        {
            output.Write(double.IsNaN(number) ? "NaN"u8 : "Infinity"u8);
            conversion.Zeros = false;
        }
        else
        {
            WriteRounded(conversion, Math.Abs(number), precision, output);
            int point = output.Written[digits..].IndexOf((byte)'.');
            if (conversion.Grouped && conversion.Kind == 'f') Group(output, digits, point < 0 ? output.Length : digits + point);
        }

        Finish(conversion, negative, start, digits, output);
    }

    // Java rounds the digits of the number's text, half up, and not the number that they stand for.
    private static void WriteRounded(Conversion conversion, double number, int precision, TemplateOutput output)
    {
        Span<byte> digits = stackalloc byte[24];
        digits[0] = (byte)'0';
        int exponent = 0;
        int count = number == 0 ? 1 : Numbers.Digits(number, digits[1..], out exponent);
        if (number == 0) digits[1] = (byte)'0';
        bool scientific = conversion.Kind != 'f';
        int kept = scientific ? precision + 1 : exponent + 1 + precision;
        Span<byte> shown = digits.Slice(1, count);
        if (kept < 0)
        {
            shown = default;
        }
        else if (kept < count)
        {
            // The zero in front takes what is carried out of the first digit.
            bool up = shown[kept] >= '5';
            for (int i = kept; up && i >= 0; i--)
            {
                up = digits[i] == '9';
                digits[i] = up ? (byte)'0' : (byte)(digits[i] + 1);
            }

            shown = digits.Slice(1, kept);
            if (digits[0] != '0')
            {
                exponent++;
                shown = digits[..(scientific ? kept : kept + 1)];
            }
        }

        if (scientific) WriteDigits(shown, 0, precision, output);
        else WriteDigits(shown, exponent, precision, output);
        if (!scientific) return;
        output.Write(conversion.Kind);
        output.Write(exponent < 0 ? (byte)'-' : (byte)'+');
        if (Math.Abs(exponent) < 10) output.Write((byte)'0');
        Numbers.Write(Math.Abs(exponent), output);
    }

    // The first digit has that power of ten; digits that are not there are zeros.
    private static void WriteDigits(ReadOnlySpan<byte> digits, int exponent, int precision, TemplateOutput output)
    {
        for (int power = Math.Max(exponent, 0); power >= -precision; power--)
        {
            if (power == -1) output.Write((byte)'.');
            int at = exponent - power;
            output.Write(at >= 0 && at < digits.Length ? digits[at] : (byte)'0');
        }
    }

    private static void WriteSign(Conversion conversion, bool negative, TemplateOutput output)
    {
        if (negative) output.Write(conversion.Bracket ? (byte)'(' : (byte)'-');
        else if (conversion.Plus) output.Write((byte)'+');
        else if (conversion.Space) output.Write((byte)' ');
    }

    private static void Finish(Conversion conversion, bool negative, int start, int digits, TemplateOutput output)
    {
        bool closes = negative && conversion.Bracket;
        if (conversion.Zeros)
        {
            while (output.Length - start + (closes ? 1 : 0) < conversion.Width && !output.Overflowed) Insert(output, digits, (byte)'0');
        }

        if (closes) output.Write((byte)')');
        Pad(conversion, start, output);
    }

    private static void WriteUnsigned(Conversion conversion, long number, TemplateOutput output)
    {
        // Java shows an Integer as 32 bits.
        ulong bits = number == (int)number ? (uint)number : (ulong)number;
        int shift = conversion.Kind == 'o' ? 3 : 4;
        Span<byte> digits = stackalloc byte[24];
        int at = digits.Length;
        do
        {
            digits[--at] = "0123456789abcdef"u8[(int)(bits & ((1UL << shift) - 1))];
            bits >>= shift;
        }
        while (bits != 0);
        if (conversion.Alternate) output.Write(shift == 3 ? "0"u8 : "0x"u8);
        if (conversion.Zeros)
        {
            for (int i = digits.Length - at + (conversion.Alternate ? shift - 2 : 0); i < conversion.Width; i++) output.Write((byte)'0');
        }

        output.Write(digits[at..]);
    }

    private static void Group(TemplateOutput output, int from, int to)
    {
        // In one pass from the end: a number may have as many digits as a body has bytes.
        int commas = Math.Max(0, (to - from - 1) / 3);
        int tail = output.Length - to;
        for (int i = 0; i < commas; i++) output.Write((byte)',');
        if (output.Overflowed) return;
        Span<byte> bytes = output.Bytes;
        bytes.Slice(to, tail).CopyTo(bytes[(to + commas)..]);
        for (int left = commas, at = to; left > 0; left--, at -= 3)
        {
            bytes.Slice(at - 3, 3).CopyTo(bytes[(at - 3 + left)..]);
            bytes[at - 4 + left] = (byte)',';
        }
    }

    private static void Insert(TemplateOutput output, int at, byte value)
    {
        output.Write(value);
        if (output.Overflowed) return;
        Span<byte> bytes = output.Bytes.AsSpan(at, output.Length - at);
        bytes[..^1].CopyTo(bytes[1..]);
        bytes[0] = value;
    }

    private static void Remove(TemplateOutput output, int at, int count)
    {
        if (output.Overflowed) return;
        Span<byte> bytes = output.Bytes.AsSpan(at, output.Length - at);
        bytes[count..].CopyTo(bytes);
        output.Truncate(output.Length - count);
    }

    private static void Pad(Conversion conversion, int start, TemplateOutput output)
    {
        if (output.Overflowed) return;
        int missing = conversion.Width - Utf8.Units(output.Written[start..]);
        for (int i = 0; i < missing && !output.Overflowed; i++)
        {
            if (conversion.Left) output.Write((byte)' ');
            else Insert(output, start, (byte)' ');
        }
    }

    private struct Conversion
    {
        public byte Kind;
        public int Argument;
        public int Width;
        public int Precision;
        public bool Left;
        public bool Zeros;
        public bool Grouped;
        public bool Plus;
        public bool Space;
        public bool Bracket;
        public bool Alternate;
    }
}

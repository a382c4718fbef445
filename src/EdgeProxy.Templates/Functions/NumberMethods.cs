using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Functions;

/// <summary>Methods of numbers, and the statics that any number gives access to, as in <c>$Integer.parseInt("5")</c>.</summary>
internal static class NumberMethods
{
    public static Value Call(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments)
    {
        switch (method, arguments.Length)
        {
            case (MethodName.IntValue, 0):
                return Value.Of((long)(int)Truncate(machine, target, int.MinValue, int.MaxValue));
            case (MethodName.ShortValue, 0):
                return Value.Of((long)(short)Truncate(machine, target, int.MinValue, int.MaxValue));
            case (MethodName.ByteValue, 0):
                return Value.Of((long)(sbyte)Truncate(machine, target, int.MinValue, int.MaxValue));
            case (MethodName.LongValue, 0):
                return Value.Of(Truncate(machine, target, long.MinValue, long.MaxValue));
            case (MethodName.DoubleValue or MethodName.FloatValue, 0):
                return Value.Of(Operators.ToDecimal(machine, target));
            case (MethodName.CompareTo, 1) when arguments[0].IsNumber:
                return Value.Of((long)Operators.Compare(machine, target, arguments[0]));
            case (MethodName.Max, 2) when arguments[0].IsNumber && arguments[1].IsNumber:
                return Operators.Compare(machine, arguments[0], arguments[1]) >= 0 ? arguments[0] : arguments[1];
            case (MethodName.Min, 2) when arguments[0].IsNumber && arguments[1].IsNumber:
                return Operators.Compare(machine, arguments[0], arguments[1]) <= 0 ? arguments[0] : arguments[1];
            case (MethodName.ParseInt, 1 or 2) when arguments[0].IsText && (arguments.Length == 1 || arguments[1].Kind == ValueKind.Integer):
                return Parse(machine, arguments[0], arguments.Length == 2 ? arguments[1].Integer : 10, int.MinValue, int.MaxValue);
            case (MethodName.ParseLong, 1 or 2) when arguments[0].IsText && (arguments.Length == 1 || arguments[1].Kind == ValueKind.Integer):
                return Parse(machine, arguments[0], arguments.Length == 2 ? arguments[1].Integer : 10, long.MinValue, long.MaxValue);
            case (MethodName.ParseDouble, 1) when arguments[0].IsText:
                return ParseDecimal(machine, arguments[0]);
            case (MethodName.ValueOf, 1) when target.Kind == ValueKind.Integer && arguments[0].Kind == ValueKind.Integer:
                return arguments[0];
            case (MethodName.ValueOf, 1) when target.Kind == ValueKind.Integer && arguments[0].IsText:
                return Parse(machine, arguments[0], 10, int.MinValue, int.MaxValue);
            case (MethodName.ValueOf, 1) when arguments[0].IsText:
                return ParseDecimal(machine, arguments[0]);
            case (MethodName.ValueOf, 1) when arguments[0].IsNumber:
                return Value.Of(Operators.ToDecimal(machine, arguments[0]));
            case (MethodName.ToString, 1) when arguments[0].IsNumber:
                return machine.TextOf(arguments[0]);
            case (MethodName.ToHexString, 1) when arguments[0].Kind == ValueKind.Integer:
                Span<byte> text = stackalloc byte[16];
                long number = arguments[0].Integer;
                System.Buffers.Text.Utf8Formatter.TryFormat(number == (int)number ? (uint)number : (ulong)number, text, out int length, 'x');
                return machine.Memory.Keep(text[..length]);
            default:
                return Value.Null;
        }
    }

    // Java's narrowing of a double: towards zero, and the nearest there is; of an integer: its low bits.
    private static long Truncate(Machine machine, Value number, long least, long most)
    {
        if (number.Kind == ValueKind.Integer) return number.Integer;
        double value = Operators.ToDecimal(machine, number);
        if (double.IsNaN(value)) return 0;
        if (value >= most) return most;
        return value <= least ? least : (long)value;
    }

    private static Value Parse(Machine machine, Value text, long radix, long least, long most)
    {
        ReadOnlySpan<byte> digits = machine.Memory.Bytes(text);
        machine.TryStepsFor(digits.Length);
        bool negative = digits is [(byte)'-', ..];
        if (digits is [(byte)'-' or (byte)'+', ..]) digits = digits[1..];
        if (digits.IsEmpty || radix is < 2 or > 36) return machine.Fail(TemplateFault.InvalidNumber);
        Int128 number = 0;
        foreach (byte digit in digits)
        {
            int value = digit is >= (byte)'0' and <= (byte)'9' ? digit - '0' : char.IsAsciiLetter((char)digit) ? (digit | 0x20) - 'a' + 10 : 99;
            if (value >= radix) return machine.Fail(TemplateFault.InvalidNumber);
            number = (number * radix) + value;
            if (number > (Int128)long.MaxValue + 1) return machine.Fail(TemplateFault.InvalidNumber);
        }

        if (negative) number = -number;
        return number < least || number > most ? machine.Fail(TemplateFault.InvalidNumber) : Value.Of((long)number);
    }

    private static Value ParseDecimal(Machine machine, Value text) =>
        machine.TryStepsFor(text.Length) && Numbers.TryReadDecimal(machine.Memory.Bytes(text).Trim(" \t\r\n"u8), out double number) ? Value.Of(number) : machine.Fail(TemplateFault.InvalidNumber);
}

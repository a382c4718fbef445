using EdgeProxy.Templates.Syntax;

namespace EdgeProxy.Templates.Execution;

/// <summary>Arithmetic and comparison (rest-api.md 6.4).</summary>
internal static class Operators
{
    /// <summary>Applies an operator that needs both sides, and writes what it makes where that is to stand; and and or are jumps.</summary>
    public static void Apply(Machine machine, BinaryOperator symbol, in Value left, in Value right, ref Value into)
    {
        // What counts and sums do.
        if (left.Kind == ValueKind.Integer && right.Kind == ValueKind.Integer && symbol == BinaryOperator.Add)
        {
            long sum = left.Integer + right.Integer;

            // Only two of one sign can make one of the other.
            if (((left.Integer ^ sum) & (right.Integer ^ sum)) >= 0)
            {
                into = Value.Of(sum);
                return;
            }
        }
        else if (left.IsNumber && right.IsNumber && left.Kind != ValueKind.BigNumber && right.Kind != ValueKind.BigNumber && !(left.Kind == ValueKind.Integer && right.Kind == ValueKind.Integer))
        {
            double first = left.Kind == ValueKind.Integer ? left.Integer : left.Decimal;
            double second = right.Kind == ValueKind.Integer ? right.Integer : right.Decimal;
            switch (symbol)
            {
                case BinaryOperator.Add:
                    into = Value.Of(first + second);
                    return;
                case BinaryOperator.Subtract:
                    into = Value.Of(first - second);
                    return;
                case BinaryOperator.Multiply:
                    into = Value.Of(first * second);
                    return;
            }
        }

        into = Apply(machine, symbol, left, right);
    }

    private static Value Apply(Machine machine, BinaryOperator symbol, Value left, Value right)
    {
        switch (symbol)
        {
            case BinaryOperator.Equal:
                return Value.Of(AreEqual(machine, left, right));
            case BinaryOperator.NotEqual:
                return Value.Of(!AreEqual(machine, left, right));
            case BinaryOperator.Less or BinaryOperator.Greater or BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual:
                if (!left.IsNumber || !right.IsNumber) return Value.False;
                int order = Compare(machine, left, right);
                return Value.Of(symbol switch
                {
                    BinaryOperator.Less => order < 0,
                    BinaryOperator.Greater => order > 0,
                    BinaryOperator.LessOrEqual => order <= 0,
                    _ => order >= 0,
                });
            case BinaryOperator.Add when left.IsText || right.IsText:
                return Join(machine, machine.TextOf(left), machine.TextOf(right));
            default:
                if (!left.IsNumber || !right.IsNumber) return Value.Null;
                if (left.Kind == ValueKind.Integer && right.Kind == ValueKind.Integer) return OfIntegers(machine, symbol, left.Integer, right.Integer);
                return OfDecimals(symbol, ToDecimal(machine, left), ToDecimal(machine, right));
        }
    }

    /// <summary>One text after the other. One that was just made is continued where it stands, so that a text grown in a loop is not copied each time.</summary>
    public static Value Join(Machine machine, Value left, Value right)
    {
        Memory memory = machine.Memory;
        if (right.Length == 0) return left;
        if (!machine.TryStepsFor(right.Length)) return Value.Null;
        if (left.A == Memory.TextSegment && left.Offset + left.Length == memory.Texts.Length)
        {
            memory.Texts.Write(memory.Bytes(right));
            return memory.TextFrom(left.Offset);
        }

        machine.TryStepsFor(left.Length);
        int at = memory.Texts.Length;
        memory.Texts.Write(memory.Bytes(left));
        memory.Texts.Write(memory.Bytes(right));
        return memory.TextFrom(at);
    }

    /// <summary>Whether two values are equal: numbers by value, others of a kind by content, the rest by their texts; null is null and also the empty text.</summary>
    public static bool AreEqual(Machine machine, Value left, Value right)
    {
        if (left.IsNull || right.IsNull)
        {
            Value other = left.IsNull ? right : left;
            return other.IsNull || (other.IsText && other.Length == 0);
        }

        if (left.IsNumber && right.IsNumber) return Compare(machine, left, right) == 0;
        if (left.Kind == ValueKind.Boolean && right.Kind == ValueKind.Boolean) return left.Bits == right.Bits;
        left = machine.TextOf(left);
        right = machine.TextOf(right);
        return machine.TryStepsFor(left.Length) && machine.Memory.Bytes(left).SequenceEqual(machine.Memory.Bytes(right));
    }

    /// <summary>Whether two values are equal as Java's <c>equals</c> sees it: of one kind, and alike.</summary>
    public static bool AreSame(Machine machine, Value left, Value right)
    {
        left = machine.Memory.Resolve(left);
        right = machine.Memory.Resolve(right);
        return KindOf(left) == KindOf(right) && AreEqual(machine, left, right);

        static ValueKind KindOf(Value value) => value.Kind switch
        {
            ValueKind.JsonArray => ValueKind.List,
            ValueKind.JsonObject => ValueKind.Map,
            _ => value.Kind,
        };
    }

    public static int Compare(Machine machine, Value left, Value right)
    {
        if (left.Kind == ValueKind.Integer && right.Kind == ValueKind.Integer) return left.Integer.CompareTo(right.Integer);
        if (TryWiden(machine, left, out Int128 first) && TryWiden(machine, right, out Int128 second)) return first.CompareTo(second);
        return ToDecimal(machine, left).CompareTo(ToDecimal(machine, right));
    }

    public static double ToDecimal(Machine machine, Value number) => number.Kind switch
    {
        ValueKind.Integer => number.Integer,
        ValueKind.Decimal => number.Decimal,

        // Kept as it was written, which may be as long as a body, and read again each time.
        _ => machine.TryStepsFor(number.Length) ? Numbers.ReadDecimal(machine.Memory.Bytes(number)) : 0,
    };

    // Of 128 bits, with a sign.
    private const int MostDigits = 40;

    private static bool TryWiden(Machine machine, Value number, out Int128 wide)
    {
        wide = number.Kind == ValueKind.Integer ? number.Integer : 0;
        return number.Kind == ValueKind.Integer
            || (number.Kind == ValueKind.BigNumber && number.Length <= MostDigits && Int128.TryParse(machine.Memory.Bytes(number), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out wide));
    }

    private static Value OfIntegers(Machine machine, BinaryOperator symbol, long left, long right)
    {
        switch (symbol)
        {
            case BinaryOperator.Divide or BinaryOperator.Remainder when right == 0:
                return Value.Null;
            case BinaryOperator.Divide when right != -1:
                return Value.Of(left / right);
            case BinaryOperator.Remainder:
                return Value.Of(right == -1 ? 0 : left % right);
        }

        Int128 exact = symbol switch
        {
            BinaryOperator.Add => (Int128)left + right,
            BinaryOperator.Subtract => (Int128)left - right,
            BinaryOperator.Multiply => (Int128)left * right,
            _ => -(Int128)left,
        };
        if (exact >= long.MinValue && exact <= long.MaxValue) return Value.Of((long)exact);

        // Beyond 64 bits Velocity goes on with a BigInteger.
        Span<byte> text = stackalloc byte[48];
        exact.TryFormat(text, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        Value kept = machine.Memory.Keep(text[..length]);
        return Value.Big(kept.A, kept.Offset, kept.Length);
    }

    private static Value OfDecimals(BinaryOperator symbol, double left, double right) => symbol switch
    {
        BinaryOperator.Add => Value.Of(left + right),
        BinaryOperator.Subtract => Value.Of(left - right),
        BinaryOperator.Multiply => Value.Of(left * right),
        BinaryOperator.Divide when right != 0 => Value.Of(left / right),
        BinaryOperator.Remainder when right != 0 => Value.Of(left % right),
        _ => Value.Null,
    };
}

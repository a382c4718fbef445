using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Templates.Execution;

/// <summary>Numbers as Java reads and writes them.</summary>
internal static class Numbers
{
    // What a number of 64 bits takes at most, and so does one below 1E7 with four digits behind the point.
    private const int LongestNumber = 20;

    private const ulong MostShort = 99_999_999;

    private static ReadOnlySpan<double> Powers => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16];

    /// <summary>Reads a whole text as an integer of 64 bits.</summary>
    public static bool TryReadInteger(ReadOnlySpan<byte> text, out long number)
    {
        // Most are a few digits.
        number = 0;
        if (text.Length is 0 or > 9) return TryReadAnyInteger(text, out number);
        foreach (byte digit in text)
        {
            if (!char.IsAsciiDigit((char)digit)) return TryReadAnyInteger(text, out number);
            number = (number * 10) + digit - '0';
        }

        return true;
    }

    private static bool TryReadAnyInteger(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && text.Length > 0;

    /// <summary>Reads JSON's or Java's form of a number; 0 when it is none.</summary>
    public static double ReadDecimal(ReadOnlySpan<byte> text) => TryReadShort(text, out double number) || TryReadDecimal(text, out number) ? number : 0;

    /// <summary>A number of up to 15 digits with so many of them behind the point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Shift(int digits, int fraction) => digits / Powers[fraction];

    public static bool TryReadDecimal(ReadOnlySpan<byte> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);

    // Up to 15 digits and a point: the quotient of two numbers that a double holds exactly is rounded once, and so is the nearest.
    private static bool TryReadShort(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        bool negative = text is [(byte)'-', ..];
        if (negative) text = text[1..];
        if (text.Length > 16) return false;
        long digits = 0;
        int fraction = -1;
        foreach (byte value in text)
        {
            if (value == '.') fraction = 0;
            else if (!char.IsAsciiDigit((char)value)) return false;
            else
            {
                digits = (digits * 10) + value - '0';
                if (fraction >= 0) fraction++;
            }
        }

        if (digits >= 1_000_000_000_000_000) return false;
        number = fraction > 0 ? digits / Powers[fraction] : digits;
        if (negative) number = -number;
        return true;
    }

    // What most decimals are: a few digits behind the point. A quotient that gives the number again is a text of it, and without zeros at the end the shortest.
    private static unsafe bool TryWriteShort(double number, TemplateOutput output)
    {
        Span<byte> text = output.Free;
        if (text.Length < LongestNumber) return false;
        fixed (byte* to = text)
        {
            int length = WriteShort(number, to);
            output.Commit(length);
            return length > 0;
        }
    }

    /// <summary>Writes a number as <see cref="Write(double, TemplateOutput)"/> does, if that has few digits.</summary>
    /// <param name="number">The number.</param>
    /// <param name="text">Room for 20 bytes.</param>
    /// <returns>How many bytes it wrote; 0 for another number.</returns>
    public static unsafe int WriteShort(double number, byte* text)
    {
        const long Unit = 10_000;
        if (number is < 1e-3 or >= 1e7) return 0;
        long digits = (long)((number * Unit) + 0.5);
        if ((double)digits / Unit != number) return 0;
        uint whole = (uint)(digits / Unit);
        uint rest = (uint)(digits - (whole * Unit));
        int length = WriteShort(whole, text);
        text[length++] = (byte)'.';
        do
        {
            rest *= 10;
            uint digit = rest / (uint)Unit;
            rest -= digit * (uint)Unit;
            text[length++] = (byte)('0' + digit);
        }
        while (rest > 0);
        return length;
    }

    /// <summary>The same for an integer.</summary>
    public static unsafe int WriteShort(long number, byte* text)
    {
        if ((ulong)number > MostShort) return 0;
        uint rest = (uint)number;
        int length = 1;
        for (uint power = 10; power <= rest; power *= 10) length++;
        for (int i = length - 1; i >= 0; i--)
        {
            uint ten = rest / 10;
            text[i] = (byte)('0' + (rest - (ten * 10)));
            rest = ten;
        }

        return length;
    }

    public static void Write(long number, TemplateOutput output)
    {
        // Counts and positions.
        if ((ulong)number < 10)
        {
            output.Write((byte)('0' + number));
            return;
        }

        Span<byte> text = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(number, text, out int length);
        output.Write(text[..length]);
    }

    /// <summary>Java's <c>Double.toString</c>: the fewest digits that give the number again, at least one after the point, an exponent from 1E7 on and below 1E-3.</summary>
    public static void Write(double number, TemplateOutput output)
    {
        if (double.IsNaN(number))
        {
            output.Write("NaN"u8);
            return;
        }

        if (number < 0 || (number == 0 && double.IsNegative(number))) output.Write((byte)'-');
        number = Math.Abs(number);
        if (double.IsInfinity(number))
        {
            output.Write("Infinity"u8);
            return;
        }

        if (number == 0)
        {
            output.Write("0.0"u8);
            return;
        }

        if (TryWriteShort(number, output)) return;
        Span<byte> digits = stackalloc byte[32];
        int count = Digits(number, digits, out int exponent);
        if (exponent is >= -3 and < 7)
        {
            if (exponent < 0)
            {
                output.Write("0."u8);
                for (int i = -1; i > exponent; i--) output.Write((byte)'0');
                output.Write(digits[..count]);
                return;
            }

            int whole = exponent + 1;
            output.Write(digits[..Math.Min(whole, count)]);
            for (int i = count; i < whole; i++) output.Write((byte)'0');
            output.Write((byte)'.');
            if (count > whole) output.Write(digits[whole..count]);
            else output.Write((byte)'0');
            return;
        }

        output.Write(digits[0]);
        output.Write((byte)'.');
        if (count > 1) output.Write(digits[1..count]);
        else output.Write((byte)'0');
        output.Write((byte)'E');
        Write(exponent, output);
    }

    /// <summary>The fewest digits that give a positive number again, and the power of ten of the first.</summary>
    /// <param name="number">Positive and finite.</param>
    /// <param name="digits">Takes them, as characters; room for 17.</param>
    /// <param name="exponent">The power of ten of the first digit.</param>
    public static int Digits(double number, Span<byte> digits, out int exponent)
    {
        Span<byte> text = stackalloc byte[40];
        number.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        exponent = 0;
        int count = 0;
        int whole = 0;
        int zeros = 0;
        bool afterPoint = false;
        for (int i = 0; i < length; i++)
        {
            byte value = text[i];
            if (value == '.')
            {
                afterPoint = true;
                continue;
            }

            if (value == 'E')
            {
                // The parser takes a sign of plus only alone.
                int start = text[i + 1] == '+' ? i + 2 : i + 1;
                Utf8Parser.TryParse(text[start..length], out exponent, out _);
                break;
            }

            if (count == 0 && value == '0')
            {
                if (afterPoint) zeros++;
                continue;
            }

            digits[count++] = value;
            if (!afterPoint) whole++;
        }

        exponent += whole > 0 ? whole - 1 : -zeros - 1;
        while (count > 1 && digits[count - 1] == '0') count--;
        return count;
    }
}

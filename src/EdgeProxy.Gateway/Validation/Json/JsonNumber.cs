using System.Runtime.CompilerServices;

namespace EdgeProxy.Gateway.Validation.Json;

/// <summary>A JSON number as what it is, a decimal of any size: 0.d₁d₂d₃… × 10^<see cref="Magnitude"/>. Nothing is rounded.</summary>
/// <remarks>Borrows the number's bytes. All operations take time in proportion to the bytes, however large the exponent.</remarks>
internal readonly ref struct JsonNumber
{
    // Digits of a number of any practical size fit here many times over, and sums of these do not overflow.
    private const long FarthestExponent = 1_000_000_000_000;

    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly int _first;

    public JsonNumber(ReadOnlySpan<byte> text)
    {
        IsNegative = text[0] == '-';
        if (IsNegative) text = text[1..];
        int e = text.IndexOfAny((byte)'e', (byte)'E');
        long exponent = 0;
        if (e >= 0)
        {
            exponent = Exponent(text[(e + 1)..]);
            text = text[..e];
        }

        int dot = text.IndexOf((byte)'.');
        _whole = dot < 0 ? text : text[..dot];
        _fraction = dot < 0 ? default : text[(dot + 1)..];
        int digits = _whole.Length + _fraction.Length;
        int first = 0;
        while (first < digits && Digit(first) == 0) first++;
        int last = digits;
        while (last > first && Digit(last - 1) == 0) last--;
        _first = first;
        Digits = last - first;
        Magnitude = Digits == 0 ? 0 : _whole.Length - first + exponent;
        if (Digits == 0) IsNegative = false;
    }

    public bool IsNegative { get; }

    /// <summary>Digits from the first to the last that is not zero; none for zero.</summary>
    public int Digits { get; }

    /// <summary>The power of ten before whose digits the point stands.</summary>
    public long Magnitude { get; }

    /// <summary>A digit, counted from the first that is not zero.</summary>
    public int this[int index] => Digit(_first + index);

    /// <summary>Reads a number that is written as a whole number of at most 18 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadSmall(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool negative = text[0] == '-';
        if (text.Length > 18) return false;
        for (int i = negative ? 1 : 0; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit > 9) return false;
            value = (value * 10) + digit;
        }

        if (negative) value = -value;
        return true;
    }

    /// <summary>Reads the whole part, of at most 18 bytes with its sign, of a number that has a fraction and no exponent.</summary>
    public static bool TryReadSmallWhole(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool negative = text[0] == '-';
        int at = negative ? 1 : 0;
        for (; (uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9; at++)
        {
            if (at >= 18) return false;
            value = (value * 10) + (text[at] - '0');
        }

        if (at == text.Length || text[at] != '.') return false;
        for (at++; at < text.Length; at++)
        {
            if ((text[at] | 0x20) == 'e') return false;
        }

        if (negative) value = -value;
        return true;
    }

    /// <summary>Orders two numbers by value.</summary>
    public static int Compare(JsonNumber left, JsonNumber right)
    {
        if (left.Digits == 0 || right.Digits == 0) return left.Sign().CompareTo(right.Sign());
        if (left.IsNegative != right.IsNegative) return left.IsNegative ? -1 : 1;
        int order = left.Magnitude.CompareTo(right.Magnitude);
        int common = Math.Min(left.Digits, right.Digits);
        for (int i = 0; order == 0 && i < common; i++) order = left[i].CompareTo(right[i]);
        if (order == 0) order = left.Digits.CompareTo(right.Digits);
        return left.IsNegative ? -order : order;
    }

    /// <summary>A hash that equal values share, however they are written.</summary>
    public ulong Hash(ulong seed)
    {
        ulong hash = seed ^ (ulong)Magnitude ^ (IsNegative ? 0x9E37_79B9_7F4A_7C15 : 0);
        for (int i = 0; i < Digits; i++) hash = (hash ^ (uint)this[i]) * 0xD6E8_FEB8_6659_FD93;
        return hash ^ (hash >> 32);
    }

    private int Sign() => Digits == 0 ? 0 : IsNegative ? -1 : 1;

    private int Digit(int index) => (index < _whole.Length ? _whole[index] : _fraction[index - _whole.Length]) - '0';

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        bool negative = text[0] == '-';
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        long value = 0;
        foreach (byte digit in text) value = Math.Min(FarthestExponent, (value * 10) + (digit - '0'));
        return negative ? -value : value;
    }
}

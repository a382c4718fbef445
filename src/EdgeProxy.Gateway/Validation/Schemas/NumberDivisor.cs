using EdgeProxy.Gateway.Validation.Json;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>A <c>multipleOf</c>, exact for numbers of any size.</summary>
/// <remarks>
/// Divisor and number are whole numbers without trailing zeros times powers of ten. Where the number's power is the smaller one it cannot be
/// a multiple, because it would have to end in a zero; else it is one when digits times ten to the difference leave no remainder.
/// </remarks>
internal sealed class NumberDivisor
{
    /// <summary>Most digits a divisor may have, from the first to the last that is not zero.</summary>
    public const int MostDigits = 18;

    private readonly byte[] _text;
    private readonly ulong _digits;
    private readonly long _power;
    private readonly long _small;

    /// <param name="text">A JSON number greater than zero of at most <see cref="MostDigits"/> digits.</param>
    public NumberDivisor(byte[] text)
    {
        _text = text;
        var number = new JsonNumber(text);
        for (int i = 0; i < number.Digits; i++) _digits = (_digits * 10) + (uint)number[i];
        _power = number.Magnitude - number.Digits;
        if (!JsonNumber.TryReadSmall(text, out _small)) _small = 0;
    }

    public ReadOnlySpan<byte> Text => _text;

    public bool Divides(ReadOnlySpan<byte> text)
    {
        if (_small != 0 && JsonNumber.TryReadSmall(text, out long value)) return value % _small == 0;
        var number = new JsonNumber(text);
        if (number.Digits == 0) return true;
        long shift = number.Magnitude - number.Digits - _power;
        if (shift < 0) return false;
        if (_digits == 1) return true;

        // At most 18 digits: ten times a remainder and a digit fit.
        ulong rest = 0;
        for (int i = 0; i < number.Digits; i++) rest = ((rest * 10) + (uint)number[i]) % _digits;
        return rest == 0 || (shift > 0 && rest * PowerOfTen(shift) % _digits == 0);
    }

    private UInt128 PowerOfTen(long exponent)
    {
        UInt128 result = 1 % (UInt128)_digits;
        UInt128 factor = 10 % (UInt128)_digits;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0) result = result * factor % _digits;
            factor = factor * factor % _digits;
        }

        return result;
    }
}

using EdgeProxy.Gateway.Validation.Json;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>A <c>minimum</c> or <c>maximum</c>.</summary>
internal sealed class NumberBound
{
    private readonly byte[] _text;
    private readonly long _small;
    private readonly bool _isSmall;

    /// <param name="text">The number as JSON.</param>
    /// <param name="isExclusive">Whether the bound itself is outside.</param>
    public NumberBound(byte[] text, bool isExclusive)
    {
        _text = text;
        IsExclusive = isExclusive;
        _isSmall = JsonNumber.TryReadSmall(text, out _small);
    }

    public bool IsExclusive { get; }

    /// <summary>The whole number nearest to the bound that is inside; false when the bound is no small whole number.</summary>
    /// <param name="inwards">1 for a minimum, -1 for a maximum.</param>
    /// <param name="limit">The number.</param>
    public bool TryLimit(int inwards, out long limit)
    {
        limit = IsExclusive ? _small + inwards : _small;
        return _isSmall;
    }

    /// <summary>Orders the bound and a number that was read as a small whole one, if the bound is one too: negative when the bound is less.</summary>
    public bool TryCompareTo(long number, out int order)
    {
        order = _small.CompareTo(number);
        return _isSmall;
    }

    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Negative when the bound is less than a number, positive when it is greater.</summary>
    public int CompareTo(ReadOnlySpan<byte> number)
    {
        if (_isSmall)
        {
            if (JsonNumber.TryReadSmall(number, out long value)) return _small.CompareTo(value);

            // Of a plain decimal fraction the whole part decides, unless it is the bound itself.
            if (JsonNumber.TryReadSmallWhole(number, out long whole) && whole != _small) return _small.CompareTo(whole);
        }

        return JsonNumber.Compare(new JsonNumber(_text), new JsonNumber(number));
    }
}

using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>Which values a schema surely takes, told by kind, length and bounds.</summary>
internal readonly struct Glance
{
    // Beyond what nine digits make, and small enough to be shifted by seven.
    private const long Farthest = 1L << 31;

    private const int Within = 16;

    // A bit for each kind that is taken whatever the value is, and further up one for each that is taken within limits.
    private readonly int _kinds;
    private readonly int _least;
    private readonly int _most;
    private readonly long _low;
    private readonly long _high;

    private Glance(int kinds) => _kinds = kinds;

    /// <param name="kinds">A bit for each kind that is taken whatever the value is.</param>
    /// <param name="least">Least characters of a text.</param>
    /// <param name="most">Most characters; less than the least where no text is taken for its length.</param>
    /// <param name="low">Least whole number.</param>
    /// <param name="high">The greatest; less than the least where no number is taken for what it is.</param>
    /// <param name="takesFractions">Whether numbers between them are taken too.</param>
    public Glance(int kinds, int least, int most, long low, long high, bool takesFractions)
    {
        _kinds = kinds;
        _least = least;
        _most = most;
        _low = Math.Clamp(low, -Farthest, Farthest);
        _high = Math.Clamp(high, -Farthest, Farthest);
        if (least <= most) _kinds |= 1 << ((int)JsonKind.String + Within);
        if (low > high) return;
        _kinds |= 1 << ((int)JsonKind.Integer + Within);
        if (takesFractions) _kinds |= 1 << ((int)JsonKind.Decimal + Within);
    }

    /// <summary>That of a schema that takes everything.</summary>
    public static Glance Anything => new((1 << Within) - 1);

    private static ReadOnlySpan<int> Powers => [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

    /// <summary>Whether a value is surely taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe bool Takes(JsonNode* value, bool isAscii)
    {
        int kinds = _kinds >> (int)value->Kind;
        if ((kinds & 1) != 0) return true;
        if ((kinds & (1 << Within)) == 0) return false;
        if (value->Kind == JsonKind.String)
        {
            // A character is a byte of ASCII without escapes; else at least one, and at most four.
            int length = value->Length;
            return !value->IsEscaped && length <= _most && (isAscii ? length : length >> 2) >= _least;
        }

        if ((value->Next & JsonNode.HasDigits) == 0) return false;
        long digits = value->Start;
        if (value->Kind == JsonKind.Integer) return digits >= _low && digits <= _high;
        long unit = Powers[value->Depth];
        return digits >= _low * unit && digits <= _high * unit;
    }
}

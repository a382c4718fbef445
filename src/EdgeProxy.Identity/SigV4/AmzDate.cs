using System.Globalization;

namespace EdgeProxy.Identity.SigV4;

/// <summary>Moments as signatures write them: <c>yyyyMMddTHHmmssZ</c>, whose first eight characters are the day of the scope (specification security.md 3.3).</summary>
public static class AmzDate
{
    /// <summary>Bytes of a moment.</summary>
    public const int Length = 16;

    /// <summary>Bytes of the day that a moment begins with.</summary>
    public const int DayLength = 8;

    /// <summary>Writes a moment.</summary>
    /// <param name="moment">Any; its whole seconds count.</param>
    /// <param name="into">At least <see cref="Length"/> bytes.</param>
    public static void Write(DateTimeOffset moment, Span<byte> into)
    {
        if (!moment.UtcDateTime.TryFormat(into, out int written, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) || written != Length)
        {
            throw new ArgumentException("There is no room for a date.", nameof(into));
        }
    }
}

namespace EdgeProxy.Http.Messages;

/// <summary>Dates in fields (RFC 9110, 5.6.7), as seconds since 1970-01-01T00:00:00Z.</summary>
public static class HttpDate
{
    /// <summary>Bytes of the one form that is sent: <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public const int Length = 29;

    private const long SecondsPerDay = 86400;
    private const long LastSecond = 253402300799; // 9999-12-31T23:59:59Z

    private static ReadOnlySpan<byte> DayNames => "SunMonTueWedThuFriSat"u8;

    private static ReadOnlySpan<byte> MonthNames => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Writes the IMF-fixdate form.</summary>
    /// <param name="unixSeconds">Held to the years 1970 to 9999.</param>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    public static void Format(long unixSeconds, Span<byte> destination)
    {
        unixSeconds = Math.Clamp(unixSeconds, 0, LastSecond);
        long days = unixSeconds / SecondsPerDay;
        int second = (int)(unixSeconds % SecondsPerDay);
        (int year, int month, int day) = FromDays(days);

        destination = destination[..Length];
        DayNames.Slice((int)((days + 4) % 7) * 3, 3).CopyTo(destination);
        ", "u8.CopyTo(destination[3..]);
        TwoDigits(day, destination[5..]);
        destination[7] = (byte)' ';
        MonthNames.Slice((month - 1) * 3, 3).CopyTo(destination[8..]);
        destination[11] = (byte)' ';
        TwoDigits(year / 100, destination[12..]);
        TwoDigits(year % 100, destination[14..]);
        destination[16] = (byte)' ';
        TwoDigits(second / 3600, destination[17..]);
        destination[19] = (byte)':';
        TwoDigits(second / 60 % 60, destination[20..]);
        destination[22] = (byte)':';
        TwoDigits(second % 60, destination[23..]);
        " GMT"u8.CopyTo(destination[25..]);
    }

    /// <summary>Reads any of the three forms a recipient must accept: IMF-fixdate, RFC 850 and asctime.</summary>
    /// <param name="nowUnixSeconds">The present, which decides the century of RFC 850's two-digit years: none is more than 50 years ahead.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, long nowUnixSeconds, out long unixSeconds)
    {
        unixSeconds = 0;
        int comma = text.IndexOf((byte)',');
        if (comma == 3) return TryParseFixed(text, out unixSeconds);
        return comma > 0 ? TryParseRfc850(text, comma, nowUnixSeconds, out unixSeconds) : TryParseAscTime(text, out unixSeconds);
    }

    private static bool TryParseFixed(ReadOnlySpan<byte> text, out long unixSeconds)
    {
        unixSeconds = 0;
        return text.Length == Length
            && text[4] == (byte)' ' && text[7] == (byte)' ' && text[11] == (byte)' ' && text[16] == (byte)' '
            && text[25..].SequenceEqual(" GMT"u8)
            && TryNumber(text.Slice(5, 2), out int day)
            && TryName(text.Slice(8, 3), MonthNames, out int month)
            && TryNumber(text.Slice(12, 4), out int year)
            && TryName(text[..3], DayNames, out int dayName)
            && TryTime(text.Slice(17, 8), out int second)
            && TryMake(year, month + 1, day, dayName, second, out unixSeconds);
    }

    private static bool TryParseRfc850(ReadOnlySpan<byte> text, int comma, long nowUnixSeconds, out long unixSeconds)
    {
        // Sunday, 06-Nov-94 08:49:37 GMT
        unixSeconds = 0;
        if (!TryLongDayName(text[..comma], out int dayName)) return false;
        ReadOnlySpan<byte> rest = text[(comma + 1)..];
        if (rest.Length != 23 || rest[0] != (byte)' ' || rest[3] != (byte)'-' || rest[7] != (byte)'-' || rest[10] != (byte)' ') return false;
        if (!rest[19..].SequenceEqual(" GMT"u8)) return false;
        if (!TryNumber(rest.Slice(1, 2), out int day) || !TryName(rest.Slice(4, 3), MonthNames, out int month)) return false;
        if (!TryNumber(rest.Slice(8, 2), out int shortYear) || !TryTime(rest.Slice(11, 8), out int second)) return false;

        int thisYear = FromDays(Math.Clamp(nowUnixSeconds, 0, LastSecond) / SecondsPerDay).Year;
        int year = (thisYear / 100 * 100) + shortYear;
        if (year > thisYear + 50) year -= 100;
        return TryMake(year, month + 1, day, dayName, second, out unixSeconds);
    }

    private static bool TryParseAscTime(ReadOnlySpan<byte> text, out long unixSeconds)
    {
        // Sun Nov  6 08:49:37 1994
        unixSeconds = 0;
        if (text.Length != 24 || text[3] != (byte)' ' || text[7] != (byte)' ' || text[10] != (byte)' ' || text[19] != (byte)' ') return false;
        ReadOnlySpan<byte> dayText = text[8] == (byte)' ' ? text.Slice(9, 1) : text.Slice(8, 2);
        return TryNumber(dayText, out int day)
            && TryName(text.Slice(4, 3), MonthNames, out int month)
            && TryNumber(text.Slice(20, 4), out int year)
            && TryName(text[..3], DayNames, out int dayName)
            && TryTime(text.Slice(11, 8), out int second)
            && TryMake(year, month + 1, day, dayName, second, out unixSeconds);
    }

    private static bool TryMake(int year, int month, int day, int dayName, int second, out long unixSeconds)
    {
        unixSeconds = 0;
        if (year < 1 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        long days = ToDays(year, month, day);
        if (((days + 4) % 7 + 7) % 7 != dayName) return false;
        unixSeconds = (days * SecondsPerDay) + second;
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out int second)
    {
        second = 0;
        if (text[2] != (byte)':' || text[5] != (byte)':') return false;
        if (!TryNumber(text[..2], out int hours) || !TryNumber(text.Slice(3, 2), out int minutes) || !TryNumber(text.Slice(6, 2), out int seconds)) return false;
        second = (hours * 3600) + (minutes * 60) + seconds;
        return hours < 24 && minutes < 60 && seconds <= 60; // 60: a leap second
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (byte digit in text)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            number = (number * 10) + (digit - '0');
        }

        return true;
    }

    private static bool TryName(ReadOnlySpan<byte> text, ReadOnlySpan<byte> names, out int index)
    {
        for (index = 0; index * 3 < names.Length; index++)
        {
            if (names.Slice(index * 3, 3).SequenceEqual(text)) return true;
        }

        return false;
    }

    private static bool TryLongDayName(ReadOnlySpan<byte> text, out int index)
    {
        index = -1;
        if (text.SequenceEqual("Sunday"u8)) index = 0;
        else if (text.SequenceEqual("Monday"u8)) index = 1;
        else if (text.SequenceEqual("Tuesday"u8)) index = 2;
        else if (text.SequenceEqual("Wednesday"u8)) index = 3;
        else if (text.SequenceEqual("Thursday"u8)) index = 4;
        else if (text.SequenceEqual("Friday"u8)) index = 5;
        else if (text.SequenceEqual("Saturday"u8)) index = 6;
        return index >= 0;
    }

    private static void TwoDigits(int value, Span<byte> destination)
    {
        destination[0] = (byte)('0' + (value / 10));
        destination[1] = (byte)('0' + (value % 10));
    }

    // Days since 1970 and back by counting in eras of 400 years that start on 1 March, so that the leap day comes last.
    private static long ToDays(int year, int month, int day)
    {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - (era * 400);
        int dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        int dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return ((long)era * 146097) + dayOfEra - 719468;
    }

    private static (int Year, int Month, int Day) FromDays(long days)
    {
        days += 719468;
        int era = (int)(days / 146097);
        int dayOfEra = (int)(days - ((long)era * 146097));
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int shifted = ((5 * dayOfYear) + 2) / 153;
        int day = dayOfYear - (((153 * shifted) + 2) / 5) + 1;
        int month = shifted < 10 ? shifted + 3 : shifted - 9;
        int year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        return (year, month, day);
    }
}

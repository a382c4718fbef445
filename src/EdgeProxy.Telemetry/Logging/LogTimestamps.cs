namespace EdgeProxy.Telemetry.Logging;

/// <summary>Wall clock times as logs write them, rendered again only where the last one differs. One per loop, or per log.</summary>
/// <remarks>Not for several threads. What is returned lasts until the next call of the same method.</remarks>
public sealed class LogTimestamps
{
    // 9999-12-31T23:59:59.999Z: a clock beyond is wrong, and the form has four digits for the year.
    private const long LastMillisecond = 253_402_300_799_999;

    private readonly byte[] _rfc3339 = "0000-00-00T00:00:00.000Z"u8.ToArray();
    private readonly byte[] _commonLog = "00/Jan/0000:00:00:00 +0000"u8.ToArray();
    private long _rfc3339Second = -1;
    private long _commonLogSecond = -1;

    /// <summary>UTC to the millisecond, <c>2026-11-22T13:21:21.045Z</c> (RFC 3339).</summary>
    /// <param name="unixMilliseconds">Since 1970; outside 1970 to 9999 the nearest end is written.</param>
    public ReadOnlySpan<byte> Rfc3339(long unixMilliseconds)
    {
        (long second, long millisecond) = Split(unixMilliseconds);
        if (second != _rfc3339Second)
        {
            _rfc3339Second = second;
            DateTime time = DateTime.UnixEpoch.AddSeconds(second);
            Put(_rfc3339, 0, 4, time.Year);
            Put(_rfc3339, 5, 2, time.Month);
            Put(_rfc3339, 8, 2, time.Day);
            Put(_rfc3339, 11, 2, time.Hour);
            Put(_rfc3339, 14, 2, time.Minute);
            Put(_rfc3339, 17, 2, time.Second);
        }

        Put(_rfc3339, 20, 3, (int)millisecond);
        return _rfc3339;
    }

    /// <summary>UTC to the second in the common log's form, <c>12/Mar/2020:19:03:58 +0000</c> (<c>$context.requestTime</c>).</summary>
    /// <param name="unixMilliseconds">Since 1970; outside 1970 to 9999 the nearest end is written.</param>
    public ReadOnlySpan<byte> CommonLog(long unixMilliseconds)
    {
        (long second, _) = Split(unixMilliseconds);
        if (second != _commonLogSecond)
        {
            _commonLogSecond = second;
            DateTime time = DateTime.UnixEpoch.AddSeconds(second);
            Put(_commonLog, 0, 2, time.Day);
            "JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice((time.Month - 1) * 3, 3).CopyTo(_commonLog.AsSpan(3));
            Put(_commonLog, 7, 4, time.Year);
            Put(_commonLog, 12, 2, time.Hour);
            Put(_commonLog, 15, 2, time.Minute);
            Put(_commonLog, 18, 2, time.Second);
        }

        return _commonLog;
    }

    private static (long Second, long Millisecond) Split(long unixMilliseconds)
    {
        return Math.DivRem(Math.Clamp(unixMilliseconds, 0, LastMillisecond), 1000);
    }

    private static void Put(byte[] text, int at, int digits, int value)
    {
        for (int i = at + digits - 1; i >= at; i--)
        {
            (value, int digit) = Math.DivRem(value, 10);
            text[i] = (byte)('0' + digit);
        }
    }
}

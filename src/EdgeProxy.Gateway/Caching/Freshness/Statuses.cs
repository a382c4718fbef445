namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>What a cache may make of a status (RFC 9110, 15.1; RFC 9111, 3).</summary>
internal static class Statuses
{
    /// <summary>Whether an answer of this status may be stored without being told so, and its lifetime be guessed. (206 may be, too, but parts are not stored here.)</summary>
    public static bool MayBeGuessed(int status) => status is 200 or 203 or 204 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;

    /// <summary>Whether the meaning of the status is known here, as <c>must-understand</c> asks.</summary>
    public static bool AreUnderstood(int status) => MayBeGuessed(status) || status is 302 or 303 or 307;

    /// <summary>Whether it ends a request and describes something whole: neither a part (206) nor a word about what was stored before (304).</summary>
    public static bool AreWhole(int status) => status is >= 200 and <= 599 and not (206 or 304);

    /// <summary>Whether it stands for a failure that an expired answer may be served for (RFC 5861, 4).</summary>
    public static bool AreErrors(int status) => status is 500 or 502 or 503 or 504;
}

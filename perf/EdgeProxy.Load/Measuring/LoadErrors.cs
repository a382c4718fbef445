namespace EdgeProxy.Load.Measuring;

/// <summary>Requests that got no whole answer, by what happened to them.</summary>
internal record struct LoadErrors
{
    /// <summary>The connection was refused or did not come about in time.</summary>
    public long Connect;

    /// <summary>The connection was reset or ended before or within the answer.</summary>
    public long Reset;

    /// <summary>A connection that had served before ended just as this request went out: the server's idle close met it.</summary>
    public long Stale;

    /// <summary>No whole answer within the time allowed.</summary>
    public long TimeOut;

    /// <summary>The answer was not HTTP/1.1.</summary>
    public long Malformed;

    /// <summary>All of them.</summary>
    public readonly long Total => Connect + Reset + Stale + TimeOut + Malformed;

    public static LoadErrors operator +(LoadErrors left, LoadErrors right) => new()
    {
        Connect = left.Connect + right.Connect,
        Reset = left.Reset + right.Reset,
        Stale = left.Stale + right.Stale,
        TimeOut = left.TimeOut + right.TimeOut,
        Malformed = left.Malformed + right.Malformed,
    };
}

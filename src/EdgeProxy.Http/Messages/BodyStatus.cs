namespace EdgeProxy.Http.Messages;

/// <summary>How a read of a body ended.</summary>
public enum BodyStatus : byte
{
    /// <summary>There are bytes, and perhaps more after them.</summary>
    Data,

    /// <summary>The body is complete; the chunk that comes along may hold its last bytes.</summary>
    End,

    /// <summary>The sender ended the connection before the body was complete, or broke it.</summary>
    Truncated,

    /// <summary>The sender was too slow: no bytes in time, or below the minimum rate.</summary>
    TimedOut,

    /// <summary>More bytes than the limit allows.</summary>
    TooLarge,

    /// <summary>The framing is wrong; see the exchange's or call's violation.</summary>
    Violation,

    /// <summary>We gave up ourselves.</summary>
    Aborted,
}

namespace EdgeProxy.Http.Client.Http2;

/// <summary>Why a call's stream ended before its response was whole.</summary>
internal enum Http2Failure : byte
{
    None,

    /// <summary>The upstream has certainly not processed it: refused, or above the last stream of GOAWAY (RFC 9113, 8.7).</summary>
    Refused,

    /// <summary>The connection broke or ended.</summary>
    Lost,

    /// <summary>The upstream reset the stream.</summary>
    Reset,

    /// <summary>What came was not a response.</summary>
    Malformed,

    /// <summary>The response's head or trailers are larger than the limits.</summary>
    HeadTooLarge,

    TimedOut,

    Aborted,

    /// <summary>The client's body failed.</summary>
    RequestBody,
}

using static EdgeProxy.Http.Http2.Streams.StreamEvent;
using static EdgeProxy.Http.Http2.Streams.StreamState;

namespace EdgeProxy.Http.Http2.Streams;

/// <summary>The life of an HTTP/2 stream (RFC 9113, 5.1), the same for a server and for a client.</summary>
/// <remarks><code>
///   Idle --head--> Open --their end--> HalfClosedRemote --our end----> Closed
///                    \----our end----> HalfClosedLocal  --their end--> Closed      a reset ends any but Idle
/// </code></remarks>
public static class StreamLife
{
    /// <summary>The state after an event; <see cref="Illegal"/> when it must not happen.</summary>
    public static StreamState Next(StreamState state, StreamEvent happened) => (state, happened) switch
    {
        (Idle, HeadReceived or HeadSent) => Open,
        (Open or HalfClosedLocal, HeadReceived or BodyReceived) => state,
        (Open or HalfClosedRemote, HeadSent or BodySent) => state,
        (Open, EndReceived) => HalfClosedRemote,
        (Open, EndSent) => HalfClosedLocal,
        (HalfClosedRemote, EndSent) => Closed,
        (HalfClosedLocal, EndReceived) => Closed,
        (Open or HalfClosedRemote or HalfClosedLocal, ResetSent) => ResetByUs,
        (Open or HalfClosedRemote or HalfClosedLocal or Closed or ResetByUs, ResetReceived) => Closed,

        // The other side may have sent more before it saw our reset; that is not its fault.
        (ResetByUs, HeadReceived or BodyReceived or EndReceived) => ResetByUs,
        _ => Illegal,
    };
}

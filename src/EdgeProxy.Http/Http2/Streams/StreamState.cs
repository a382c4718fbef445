namespace EdgeProxy.Http.Http2.Streams;

/// <summary>Where a stream is in its life (RFC 9113, 5.1). Nobody pushes, so nothing is ever reserved.</summary>
public enum StreamState : byte
{
    Idle,
    Open,

    /// <summary>We have ended our direction; theirs is open.</summary>
    HalfClosedLocal,

    /// <summary>They have ended their direction; ours is open.</summary>
    HalfClosedRemote,
    Closed,

    /// <summary>Closed by our own reset: what they had sent before they saw it is still on its way.</summary>
    ResetByUs,

    /// <summary>What happened must not happen in that state; the driver decides what it costs.</summary>
    Illegal,
}

namespace EdgeProxy.Http.Http2.Streams;

/// <summary>What can happen to a stream.</summary>
public enum StreamEvent : byte
{
    /// <summary>A header block came: a head, or trailers.</summary>
    HeadReceived,

    /// <summary>A header block went out: a head, or trailers.</summary>
    HeadSent,
    BodyReceived,
    BodySent,

    /// <summary>The frame that just came ended their direction.</summary>
    EndReceived,

    /// <summary>The frame that just went out ended our direction.</summary>
    EndSent,
    ResetReceived,
    ResetSent,
}

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>When a field enters the encoder's table.</summary>
internal enum IndexingPolicy : byte
{
    /// <summary>At once: its value hardly changes between messages.</summary>
    OnSight,

    /// <summary>When the same value comes a second time, so that identifiers and lengths do not drive out what is of use.</summary>
    WhenRepeated,

    /// <summary>Never, and no one after us may either (RFC 7541, 7.1.3): a short secret in a table can be guessed.</summary>
    Never,

    /// <summary>It belongs to an HTTP/1.1 connection and is not written at all (RFC 9113, 8.2.2).</summary>
    NotSent,
}

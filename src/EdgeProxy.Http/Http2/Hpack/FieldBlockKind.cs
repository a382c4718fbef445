namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>What a field block is, and with that which pseudo-headers it may have (RFC 9113, 8.1 and 8.3).</summary>
public enum FieldBlockKind : byte
{
    /// <summary>:method, :scheme, :authority, :path.</summary>
    Request,

    /// <summary>:status.</summary>
    Response,

    /// <summary>None.</summary>
    Trailers,
}

namespace EdgeProxy.Http.Messages;

/// <summary>How the end of a body is found (RFC 9112, 6.3).</summary>
public enum BodyFraming : byte
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>A length was declared.</summary>
    Length,

    /// <summary>Chunked transfer coding, or an HTTP/2 stream without a declared length.</summary>
    Chunked,

    /// <summary>Until the connection closes; responses only.</summary>
    UntilClose,
}

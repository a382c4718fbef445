namespace EdgeProxy.Http.Client;

/// <summary>How a call to an upstream ended, failures told apart.</summary>
public enum UpstreamOutcome : byte
{
    /// <summary>A response head is there.</summary>
    Ok,

    /// <summary>The name has no address.</summary>
    NameNotFound,

    /// <summary>Every address refused the connection or was unreachable.</summary>
    ConnectFailed,

    /// <summary>No connection in time.</summary>
    ConnectTimedOut,

    /// <summary>The TLS handshake failed: no common version, suite or protocol, an alert, or bytes that are no TLS.</summary>
    TlsFailed,

    /// <summary>The upstream's certificate chains to no authority that is trusted.</summary>
    CertificateUntrusted,

    /// <summary>The upstream's certificate is for other names.</summary>
    CertificateNameMismatch,

    /// <summary>The upstream's certificate is not valid now.</summary>
    CertificateExpired,

    /// <summary>The pool's limit of connections is reached and its queue is full.</summary>
    PoolExhausted,

    /// <summary>The connection broke or ended before a response head.</summary>
    Reset,

    /// <summary>No response in time.</summary>
    TimedOut,

    /// <summary>What came was not HTTP.</summary>
    Malformed,

    /// <summary>The response head is larger than the limits.</summary>
    HeadTooLarge,

    /// <summary>The request cannot be put on the wire: its head is too large, or its target has bytes that no target may have. Nothing was sent.</summary>
    Unsendable,

    /// <summary>The client's body failed while it was being sent: see <see cref="UpstreamCall.RequestBodyStatus"/>.</summary>
    RequestBodyFailed,

    /// <summary>We gave up: shutdown, or the client went away.</summary>
    Aborted,
}

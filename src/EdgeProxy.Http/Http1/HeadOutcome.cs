namespace EdgeProxy.Http.Http1;

/// <summary>What reading a head came to.</summary>
internal enum HeadOutcome : byte
{
    Complete,
    Incomplete,
    Violation,

    /// <summary>It is no head but the preface of HTTP/2.</summary>
    Http2,
    Ended,
}

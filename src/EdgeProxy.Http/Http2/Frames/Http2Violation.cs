namespace EdgeProxy.Http.Http2.Frames;

/// <summary>A broken rule of HTTP/2: how far it reaches, the code that answers it, and the clause. The default value is no violation.</summary>
/// <param name="Scope">Whether the stream or the connection ends.</param>
/// <param name="Code">What RST_STREAM or GOAWAY says.</param>
/// <param name="Clause">The section of RFC 9113 (or another named one), for debug lines; never sent.</param>
public readonly record struct Http2Violation(ViolationScope Scope, Http2ErrorCode Code, string? Clause)
{
    /// <summary>No violation.</summary>
    public static Http2Violation None => default;

    /// <summary>Whether nothing was wrong.</summary>
    public bool IsNone => Scope == ViolationScope.None;

    public bool EndsConnection => Scope == ViolationScope.Connection;

    public static Http2Violation OfStream(Http2ErrorCode code, string clause) => new(ViolationScope.Stream, code, clause);

    public static Http2Violation OfConnection(Http2ErrorCode code, string clause) => new(ViolationScope.Connection, code, clause);
}

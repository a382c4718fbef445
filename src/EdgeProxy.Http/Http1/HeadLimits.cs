namespace EdgeProxy.Http.Http1;

/// <summary>How large a head may be (specification security.md 15.1 and 18).</summary>
/// <param name="requestLine">Bytes of the request line with its line end: setting <c>limits.requestLine</c>; answered 414.</param>
/// <param name="headBytes">Bytes of all field lines with the empty line after them, not of the start line: setting <c>limits.headerBytes</c>; answered 431.</param>
/// <param name="headerCount">Field lines: setting <c>limits.headerCount</c>; answered 431.</param>
public readonly struct HeadLimits(int requestLine = HeadLimits.DefaultRequestLine, int headBytes = HeadLimits.DefaultHeadBytes, int headerCount = HeadLimits.DefaultHeaderCount)
{
    public const int DefaultRequestLine = 10240;
    public const int DefaultHeadBytes = 32768;
    public const int DefaultHeaderCount = 100;

    /// <summary>The defaults; without this constructor <c>new HeadLimits()</c> would mean zeros.</summary>
    public HeadLimits()
        : this(DefaultRequestLine, DefaultHeadBytes, DefaultHeaderCount)
    {
    }

    public int RequestLine { get; } = requestLine;

    public int HeadBytes { get; } = headBytes;

    public int HeaderCount { get; } = headerCount;
}

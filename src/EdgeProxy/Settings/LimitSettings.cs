namespace EdgeProxy.Settings;

/// <summary>How large things may be. -1 stands for unlimited.</summary>
internal sealed record LimitSettings
{
    public required int RequestLine { get; init; }

    public required int HeaderBytes { get; init; }

    public required int HeaderCount { get; init; }

    public required int ChunkExtension { get; init; }

    public required int Trailers { get; init; }

    public required int TrailerCount { get; init; }

    public required long Body { get; init; }

    public required long ResponseBody { get; init; }

    public required long HeldBody { get; init; }

    public required int FunctionHeaderBytes { get; init; }

    public required int FunctionHeaderCount { get; init; }

    /// <summary>Most bytes of a function's event and of its result.</summary>
    public required int FunctionPayload { get; init; }

    public required long DecodedBody { get; init; }

    public required int DecodedRatio { get; init; }

    public required int ContentCodings { get; init; }

    public required int RequestsPerConnection { get; init; }

    /// <summary>For all APIs together; null for none.</summary>
    public ThrottleSettings? AccountThrottle { get; init; }
}

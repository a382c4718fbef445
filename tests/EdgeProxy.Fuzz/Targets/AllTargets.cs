using EdgeProxy.Fuzz.Engine;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>Every target there is; a new one is added here.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<FuzzTarget> Create() =>
    [
        new RequestHeadTarget(),
        new ResponseHeadTarget(),
        new ChunkedBodyTarget(),
        new PathTarget(),
        new QueryTarget(),
        new AuthorityTarget(),
        new ProxyHeaderTarget(),
        new FieldValuesTarget(),
        new Http1ConnectionTarget(),
        new HpackTarget(),
        new Http2FramesTarget(),
        new Http2ConnectionTarget(),
        new ClientHelloTarget(),
        new TlsHandshakeTarget(),
        new FunctionResultTarget(),
        new TemplatesTarget(),
        new DecoderTarget(),
        new ImportTarget(),
    ];
}

namespace EdgeProxy.Http.Client;

/// <summary>When trailers pass between client and upstream (<c>x-edgeproxy-upstream.trailers</c>).</summary>
public enum TrailerRule : byte
{
    /// <summary>When the upstream speaks HTTP/2, where they are an ordinary part of a message.</summary>
    WithHttp2,

    /// <summary>Over HTTP/1.1 too, in chunked bodies.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}

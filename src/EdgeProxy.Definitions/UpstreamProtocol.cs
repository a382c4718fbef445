namespace EdgeProxy.Definitions;

/// <summary>Which version of HTTP an integration speaks to its back end.</summary>
public enum UpstreamProtocol
{
    /// <summary>HTTP/1.1.</summary>
    Http1,

    /// <summary>HTTP/2.</summary>
    Http2,

    /// <summary>Over TLS what both ends agree on, else HTTP/1.1.</summary>
    Auto,
}

namespace EdgeProxy.Transport.Tls;

/// <summary>Which application protocols one side speaks. Where both know both, <c>h2</c> is taken.</summary>
[Flags]
public enum ApplicationProtocols : byte
{
    None = 0,

    /// <summary><c>http/1.1</c>.</summary>
    Http11 = 1,

    /// <summary><c>h2</c>.</summary>
    Http2 = 2,

    Both = Http11 | Http2,
}

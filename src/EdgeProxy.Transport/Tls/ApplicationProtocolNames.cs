namespace EdgeProxy.Transport.Tls;

/// <summary>Application protocols as ALPN spells them (RFC 7301; RFC 9113, 3.1).</summary>
internal static class ApplicationProtocolNames
{
    /// <summary>What was agreed; None for nothing, or for what we do not speak.</summary>
    public static ApplicationProtocol Of(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("h2"u8)) return ApplicationProtocol.Http2;
        return name.SequenceEqual("http/1.1"u8) ? ApplicationProtocol.Http11 : ApplicationProtocol.None;
    }

    /// <summary>A client's list, each name behind its length.</summary>
    public static ReadOnlySpan<byte> Offer(ApplicationProtocols protocols) => protocols switch
    {
        ApplicationProtocols.Both => "\x02h2\x08http/1.1"u8,
        ApplicationProtocols.Http2 => "\x02h2"u8,
        ApplicationProtocols.Http11 => "\x08http/1.1"u8,
        _ => default,
    };
}

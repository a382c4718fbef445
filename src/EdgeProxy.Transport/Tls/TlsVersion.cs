namespace EdgeProxy.Transport.Tls;

/// <summary>A version of the protocol. The values are those on the wire (RFC 8446, 4.1.2).</summary>
public enum TlsVersion : ushort
{
    Tls10 = 0x0301,
    Tls11 = 0x0302,
    Tls12 = 0x0303,
    Tls13 = 0x0304,
}

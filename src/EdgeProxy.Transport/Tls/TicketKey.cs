using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>One key that session tickets are sealed with: a name, an AES-256 key and an HMAC key (RFC 5077, 4).</summary>
internal sealed class TicketKey
{
    public const int NameLength = 16;
    public const int Length = NameLength + 32 + 32;

    private TicketKey(byte[] bytes) => Bytes = bytes;

    /// <summary>Name, encryption key, authentication key; pinned, because OpenSSL is given their addresses.</summary>
    public byte[] Bytes { get; }

    public ReadOnlySpan<byte> Name => Bytes.AsSpan(0, NameLength);

    public static TicketKey Create()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
        OpenSsl.Random(bytes);
        return new TicketKey(bytes);
    }
}

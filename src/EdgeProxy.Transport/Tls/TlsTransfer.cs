namespace EdgeProxy.Transport.Tls;

/// <summary>Ciphertext on its way through one call of OpenSSL: what it may read and where it writes.</summary>
internal unsafe struct TlsTransfer
{
    /// <summary>Received and not yet read.</summary>
    public byte* In;

    public int InLeft;

    /// <summary>Where records to be sent are gathered.</summary>
    public byte* Out;

    public int OutLength;
}

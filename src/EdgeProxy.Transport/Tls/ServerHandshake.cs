using System.Runtime.InteropServices;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>What OpenSSL asks back while a server's handshake runs, and what it is answered.</summary>
/// <remarks>
/// OpenSSL calls back only inside a call that we made on the loop's thread, so the handshake at work is found through
/// <see cref="TlsLoop.Handshake"/>. Nothing may be thrown into OpenSSL: each door catches, and refuses.
/// </remarks>
internal sealed unsafe class ServerHandshake(TlsServerName name, string? serverName, ApplicationProtocols protocols, TicketKey[] ticketKeys)
{
    private const int InitialVectorLength = 16;
    private const byte NoteVersion = 1;

    /// <summary>What the client's certificate was worth; <see cref="ClientCertificateVerdict.Missing"/> until one was judged.</summary>
    public ClientCertificateVerdict Verdict { get; private set; } = name.TrustStore is null ? ClientCertificateVerdict.NotAsked : ClientCertificateVerdict.Missing;

    public TlsServerName Name => name;

    /// <summary>What the client asked for.</summary>
    public string? ServerName => serverName;

    /// <summary>For <c>SSL_CTX_set_alpn_select_cb</c>: <c>h2</c> before <c>http/1.1</c>, whatever the client likes better.</summary>
    [UnmanagedCallersOnly]
    public static int SelectProtocol(nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint offeredLength, void* argument)
    {
        if (TlsLoop.OfThread.Handshake is not { } handshake) return LibSsl.ExtensionAlertFatal;
        return handshake.Select(ssl, new ReadOnlySpan<byte>(offered, (int)offeredLength), offered, chosen, chosenLength) ? LibSsl.ExtensionOk : LibSsl.ExtensionAlertFatal;
    }

    /// <summary>For <c>SSL_CTX_set_tlsext_ticket_key_evp_cb</c>: names the keys that seal or open a ticket.</summary>
    [UnmanagedCallersOnly]
    public static int SealTicket(nint ssl, byte* keyName, byte* vector, nint cipher, nint mac, int isSealing)
    {
        try
        {
            return TlsLoop.OfThread.Handshake is { } handshake ? handshake.FindTicketKey(ssl, keyName, vector, cipher, mac, isSealing != 0) : 0;
        }
        catch (Exception)
        {
            return 0; // no ticket: the handshake is a full one
        }
    }

    /// <summary>For <c>SSL_CTX_set_session_ticket_cb</c>: the verdict goes into the ticket, because a resumed handshake shows no chain.</summary>
    [UnmanagedCallersOnly]
    public static int NoteVerdict(nint ssl, void* argument)
    {
        if (TlsLoop.OfThread.Handshake is not { } handshake) return 0;

        // A resumed session brings the note along; what it says is taken up only when the handshake is over.
        if (LibSsl.SSL_session_reused(ssl) == 1) return 1;
        byte* note = stackalloc byte[2] { NoteVersion, (byte)handshake.Verdict };
        return LibSsl.SSL_SESSION_set1_ticket_appdata(LibSsl.SSL_get_session(ssl), note, 2);
    }

    /// <summary>For <c>SSL_CTX_set_cert_verify_callback</c>: judges, and lets the handshake go on unless the name demands more.</summary>
    [UnmanagedCallersOnly]
    public static int Verify(nint verification, void* argument)
    {
        try
        {
            return TlsLoop.OfThread.Handshake is { } handshake && handshake.Judge(verification) ? 1 : 0;
        }
        catch (Exception)
        {
            return 0;
        }
    }

    /// <summary>For <c>SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB</c>: staples the OCSP response of the certificate that was chosen.</summary>
    [UnmanagedCallersOnly]
    public static int Staple(nint ssl, void* argument)
    {
        if (TlsLoop.OfThread.Handshake is not { } handshake) return LibSsl.ExtensionNoAck;
        nint chosen = LibSsl.SSL_get_certificate(ssl);
        foreach (ServerCertificate certificate in handshake.Name.Certificates)
        {
            if (certificate.Leaf != chosen || certificate.Staple is not { } staple) continue;
            void* copy = LibCrypto.CRYPTO_malloc((nuint)staple.Length, null, 0); // OpenSSL frees it
            if (copy == null) return LibSsl.ExtensionNoAck;
            staple.CopyTo(new Span<byte>(copy, staple.Length));
            LibSsl.SSL_ctrl(ssl, LibSsl.CtrlStatusResponse, staple.Length, copy);
            return LibSsl.ExtensionOk;
        }

        return LibSsl.ExtensionNoAck;
    }

    /// <summary>Takes the verdict of the handshake that a resumed session began with.</summary>
    public void RecallVerdict(nint ssl, nint certificate)
    {
        if (name.TrustStore is null) return;
        byte* note;
        nuint length;
        nint session = LibSsl.SSL_get_session(ssl);
        bool known = LibSsl.SSL_SESSION_get0_ticket_appdata(session, &note, &length) == 1 && length == 2 && note[0] == NoteVersion;

        // A ticket without a note is none of ours with this trust store; nothing is taken on trust.
        Verdict = known ? (ClientCertificateVerdict)note[1] : ClientCertificateVerdict.Untrusted;
        if (certificate == 0) Verdict = ClientCertificateVerdict.Missing;
        else if (Verdict == ClientCertificateVerdict.Trusted && X509.IsExpired(certificate)) Verdict = ClientCertificateVerdict.Expired;
    }

    private bool Select(nint ssl, ReadOnlySpan<byte> list, byte* start, byte** chosen, byte* chosenLength)
    {
        return ((protocols & ApplicationProtocols.Http2) != 0 && SuitsHttp2(ssl) && Find(list, "h2"u8, start, chosen, chosenLength))
            || ((protocols & ApplicationProtocols.Http11) != 0 && Find(list, "http/1.1"u8, start, chosen, chosenLength));
    }

    // HTTP/2 wants TLS 1.2 at least, and there a suite with ephemeral keys and authenticated encryption (RFC 9113, 9.2); what is older has none.
    private static bool SuitsHttp2(nint ssl)
    {
        if (LibSsl.SSL_version(ssl) == (int)TlsVersion.Tls13) return true;
        nint suite = LibSsl.SSL_get_pending_cipher(ssl);
        return suite != 0 && LibSsl.SSL_CIPHER_is_aead(suite) == 1 && LibSsl.SSL_CIPHER_get_kx_nid(suite) != LibCrypto.NidKxRsa;
    }

    // OpenSSL has checked the list's lengths.
    private static bool Find(ReadOnlySpan<byte> list, ReadOnlySpan<byte> wanted, byte* start, byte** chosen, byte* chosenLength)
    {
        int position = 0;
        while (position < list.Length)
        {
            int length = Math.Min(list[position], list.Length - position - 1);
            if (list.Slice(position + 1, length).SequenceEqual(wanted))
            {
                *chosen = start + position + 1;
                *chosenLength = (byte)length;
                return true;
            }

            position += length + 1;
        }

        return false;
    }

    private int FindTicketKey(nint ssl, byte* keyName, byte* vector, nint cipher, nint mac, bool isSealing)
    {
        var name = new Span<byte>(keyName, TicketKey.NameLength);
        if (isSealing)
        {
            TicketKey newest = ticketKeys[0];
            newest.Name.CopyTo(name);
            OpenSsl.Random(new Span<byte>(vector, InitialVectorLength));
            return Use(newest, vector, cipher, mac, isSealing) ? 1 : 0;
        }

        for (int i = 0; i < ticketKeys.Length; i++)
        {
            if (!ticketKeys[i].Name.SequenceEqual(name)) continue;
            if (!Use(ticketKeys[i], vector, cipher, mac, isSealing)) return 0;

            // 2 gives the client a new ticket: where the key is an earlier one, and always in TLS 1.3, where a client uses each ticket once.
            return i > 0 || LibSsl.SSL_version(ssl) == (int)TlsVersion.Tls13 ? 2 : 1;
        }

        return 0;
    }

    private static bool Use(TicketKey key, byte* vector, nint cipher, nint mac, bool isSealing)
    {
        fixed (byte* bytes = key.Bytes)
        {
            byte* encryption = bytes + TicketKey.NameLength;
            fixed (byte* keyText = "key\0"u8, digestText = "digest\0"u8, sha256 = "SHA256\0"u8)
            {
                OsslParam* parameters = stackalloc OsslParam[3];
                parameters[0] = new OsslParam { Key = keyText, Type = OsslParam.OctetString, Value = encryption + 32, Size = 32 };
                parameters[1] = new OsslParam { Key = digestText, Type = OsslParam.Utf8String, Value = sha256, Size = 6 };
                parameters[2] = default;
                if (LibCrypto.EVP_MAC_CTX_set_params(mac, parameters) != 1) return false;
            }

            return isSealing
                ? LibCrypto.EVP_EncryptInit_ex(cipher, LibCrypto.EVP_aes_256_cbc(), 0, encryption, vector) == 1
                : LibCrypto.EVP_DecryptInit_ex(cipher, LibCrypto.EVP_aes_256_cbc(), 0, encryption, vector) == 1;
        }
    }

    private bool Judge(nint verification)
    {
        Verdict = name.TrustStore!.Judge(verification);
        if (Verdict != ClientCertificateVerdict.Trusted && name.Demand == ClientCertificateDemand.Require) return false;
        LibCrypto.X509_STORE_CTX_set_error(verification, 0);
        return true;
    }
}

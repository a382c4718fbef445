using System.Runtime.InteropServices;

namespace EdgeProxy.Transport.Tls.Native;

/// <summary>What is used of OpenSSL's libssl, as version 3.0 declares it. Its macros are numbers for <see cref="SSL_ctrl"/>.</summary>
internal static unsafe partial class LibSsl
{
    public const ulong InitNoLoadConfig = 0x80;
    public const ulong InitNoAtExit = 0x80000;

    public const int CtrlMode = 33;
    public const int CtrlSessionCacheMode = 44;
    public const int CtrlMaxCertList = 51;
    public const int CtrlHostName = 55;
    public const int CtrlStatusCallback = 63;
    public const int CtrlStatusResponse = 71;
    public const int CtrlClearMode = 78;
    public const int CtrlGroupsList = 92;
    public const int CtrlMinimumVersion = 123;
    public const int CtrlMaximumVersion = 124;
    public const int CtrlSignature = 132;

    public const int ModePartialWrite = 0x1;
    public const int ModeMovingWriteBuffer = 0x2;
    public const int ModeAutoRetry = 0x4;
    public const int ModeNoAutoChain = 0x8;
    public const int ModeReleaseBuffers = 0x10;

    public const ulong OptionNoCompression = 1 << 17;
    public const ulong OptionPrioritizeChaCha = 1 << 21;
    public const ulong OptionServerPreference = 1 << 22;
    public const ulong OptionNoRenegotiation = 1 << 30;

    public const int SessionCacheOff = 0;
    public const int SessionCacheClient = 1;
    public const int SessionCacheNoInternal = 0x300;

    public const int VerifyPeer = 1;
    public const int VerifyFailIfNone = 2;

    public const int ErrorWantRead = 2;
    public const int ErrorWantWrite = 3;
    public const int ErrorZeroReturn = 6;

    public const int ExtensionOk = 0;
    public const int ExtensionAlertFatal = 2;
    public const int ExtensionNoAck = 3;
    public const int HostNameType = 0;

    public const int WroteAlert = 0x4008; // SSL_CB_WRITE_ALERT
    public const int AlertNoRenegotiation = 100;

    public const int KeyUpdateRequested = 1;

    [LibraryImport("libssl")]
    public static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport("libssl")]
    public static partial nint TLS_server_method();

    [LibraryImport("libssl")]
    public static partial nint TLS_client_method();

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_ctrl(nint context, int command, nint number, void* pointer);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_callback_ctrl(nint context, int command, delegate* unmanaged<nint, void*, int> callback);

    [LibraryImport("libssl")]
    public static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_cipher_list(nint context, byte* list);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_ciphersuites(nint context, byte* list);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_set_timeout(nint context, nint seconds);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_cert_verify_callback(nint context, delegate* unmanaged<nint, void*, int> callback, void* argument);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_cert_store(nint context, nint store);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_add_client_CA(nint context, nint certificate);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_alpn_select_cb(
        nint context, delegate* unmanaged<nint, byte**, byte*, byte*, uint, void*, int> callback, void* argument);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_tlsext_ticket_key_evp_cb(nint context, delegate* unmanaged<nint, byte*, byte*, nint, nint, int, int> callback);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_session_ticket_cb(
        nint context, delegate* unmanaged<nint, void*, int> generate, delegate* unmanaged<nint, nint, byte*, nuint, int, void*, int> decrypt, void* argument);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_sess_set_new_cb(nint context, delegate* unmanaged<nint, nint, int> callback);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_use_cert_and_key(nint context, nint certificate, nint key, nint chain, int overrides);

    [LibraryImport("libssl")]
    public static partial nint SSL_new(nint context);

    [LibraryImport("libssl")]
    public static partial void SSL_free(nint ssl);

    [LibraryImport("libssl")]
    public static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport("libssl")]
    public static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport("libssl")]
    public static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport("libssl")]
    public static partial int SSL_use_cert_and_key(nint ssl, nint certificate, nint key, nint chain, int overrides);

    [LibraryImport("libssl")]
    public static partial int SSL_set_session_id_context(nint ssl, byte* context, uint length);

    [LibraryImport("libssl")]
    public static partial nint SSL_ctrl(nint ssl, int command, nint number, void* pointer);

    [LibraryImport("libssl")]
    public static partial void SSL_set_info_callback(nint ssl, delegate* unmanaged<nint, int, int, void> callback);

    [LibraryImport("libssl")]
    public static partial int SSL_do_handshake(nint ssl);

    [LibraryImport("libssl")]
    public static partial int SSL_read(nint ssl, byte* bytes, int count);

    [LibraryImport("libssl")]
    public static partial int SSL_peek(nint ssl, byte* bytes, int count);

    [LibraryImport("libssl")]
    public static partial int SSL_write(nint ssl, byte* bytes, int count);

    [LibraryImport("libssl")]
    public static partial int SSL_key_update(nint ssl, int kind);

    [LibraryImport("libssl")]
    public static partial int SSL_shutdown(nint ssl);

    [LibraryImport("libssl")]
    public static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport("libssl")]
    [SuppressGCTransition]
    public static partial int SSL_pending(nint ssl);

    [LibraryImport("libssl")]
    [SuppressGCTransition]
    public static partial int SSL_has_pending(nint ssl);

    [LibraryImport("libssl")]
    public static partial byte* SSL_rstate_string(nint ssl);

    [LibraryImport("libssl")]
    public static partial int SSL_version(nint ssl);

    [LibraryImport("libssl")]
    public static partial int SSL_session_reused(nint ssl);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_current_cipher(nint ssl);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_pending_cipher(nint ssl);

    [LibraryImport("libssl")]
    public static partial byte* SSL_CIPHER_get_name(nint cipher);

    [LibraryImport("libssl")]
    public static partial int SSL_CIPHER_get_kx_nid(nint cipher);

    [LibraryImport("libssl")]
    public static partial int SSL_CIPHER_is_aead(nint cipher);

    [LibraryImport("libssl")]
    public static partial void SSL_get0_alpn_selected(nint ssl, byte** protocol, uint* length);

    [LibraryImport("libssl")]
    public static partial int SSL_set_alpn_protos(nint ssl, byte* protocols, uint length);

    [LibraryImport("libssl")]
    public static partial nint SSL_get1_peer_certificate(nint ssl);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_certificate(nint ssl);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_verify_result(nint ssl);

    [LibraryImport("libssl")]
    public static partial nint SSL_get0_param(nint ssl);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_session(nint ssl);

    [LibraryImport("libssl")]
    public static partial int SSL_set_session(nint ssl, nint session);

    [LibraryImport("libssl")]
    public static partial void SSL_SESSION_free(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_SESSION_is_resumable(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_SESSION_set1_ticket_appdata(nint session, byte* bytes, nuint length);

    [LibraryImport("libssl")]
    public static partial int SSL_SESSION_get0_ticket_appdata(nint session, byte** bytes, nuint* length);
}

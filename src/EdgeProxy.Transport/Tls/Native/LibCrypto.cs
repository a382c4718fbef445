using System.Runtime.InteropServices;

namespace EdgeProxy.Transport.Tls.Native;

/// <summary>What is used of OpenSSL's libcrypto, as version 3.0 declares it. Pointers to its objects are <see langword="nint"/>.</summary>
/// <remarks>Linked into the published binary; the shared library where tests run (decision 0017).</remarks>
internal static unsafe partial class LibCrypto
{
    public const int BioFlagsReadLater = 0x01 | 0x08;
    public const int BioFlagsWriteLater = 0x02 | 0x08;
    public const int BioTypeSourceSink = 0x0400;
    public const int BioCtrlFlush = 11;
    public const int BioCtrlInfo = 3;
    public const int EvpPkeyRsa = 6;
    public const int EvpPkeyEc = 408;
    public const int EvpPkeyRsaPss = 912;
    public const int EvpPkeyEd25519 = 1087;
    public const int EvpPkeyEd448 = 1088;
    public const int NidSubjectAltName = 85;
    public const int NidBasicConstraints = 87;
    public const int NidKeyUsage = 83;
    public const int NidExtendedKeyUsage = 126;
    public const int NidKxRsa = 1037;
    public const int GeneralNameDns = 2;
    public const int GeneralNameIp = 7;
    public const uint PrintRfc2253 = 0x1110317 & ~4u; // XN_FLAG_RFC2253, but UTF-8 is left as it is
    public const int VerifyCrlCheck = 0x4;
    public const int VerifyCrlCheckAll = 0x8;
    public const uint CheckHostNoPartialWildcards = 0x4;
    public const int MbStringUtf8 = 0x1000;

    [LibraryImport("libcrypto")]
    [SuppressGCTransition]
    public static partial void ERR_clear_error();

    [LibraryImport("libcrypto")]
    public static partial nuint ERR_peek_error();

    [LibraryImport("libcrypto")]
    public static partial nuint ERR_peek_last_error();

    [LibraryImport("libcrypto")]
    public static partial void ERR_error_string_n(nuint code, byte* text, nuint length);

    [LibraryImport("libcrypto")]
    public static partial void* CRYPTO_malloc(nuint size, byte* file, int line);

    [LibraryImport("libcrypto")]
    public static partial int RAND_bytes(byte* bytes, int count);

    [LibraryImport("libcrypto")]
    public static partial nint BIO_meth_new(int type, byte* name);

    [LibraryImport("libcrypto")]
    public static partial int BIO_meth_set_write(nint method, delegate* unmanaged<nint, byte*, int, int> write);

    [LibraryImport("libcrypto")]
    public static partial int BIO_meth_set_read(nint method, delegate* unmanaged<nint, byte*, int, int> read);

    [LibraryImport("libcrypto")]
    public static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged<nint, int, nint, void*, nint> ctrl);

    [LibraryImport("libcrypto")]
    public static partial nint BIO_new(nint method);

    [LibraryImport("libcrypto")]
    public static partial int BIO_free(nint bio);

    [LibraryImport("libcrypto")]
    public static partial void BIO_set_data(nint bio, void* value);

    [LibraryImport("libcrypto")]
    [SuppressGCTransition]
    public static partial void* BIO_get_data(nint bio);

    [LibraryImport("libcrypto")]
    public static partial void BIO_set_init(nint bio, int initialised);

    [LibraryImport("libcrypto")]
    [SuppressGCTransition]
    public static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport("libcrypto")]
    public static partial nint BIO_s_mem();

    [LibraryImport("libcrypto")]
    public static partial nint BIO_new_mem_buf(void* bytes, int length);

    [LibraryImport("libcrypto")]
    public static partial nint BIO_ctrl(nint bio, int command, nint number, void* pointer);

    [LibraryImport("libcrypto")]
    public static partial nint PEM_read_bio_X509(nint bio, nint* into, delegate* unmanaged<byte*, int, int, void*, int> password, void* argument);

    [LibraryImport("libcrypto")]
    public static partial nint PEM_read_bio_X509_CRL(nint bio, nint* into, delegate* unmanaged<byte*, int, int, void*, int> password, void* argument);

    [LibraryImport("libcrypto")]
    public static partial nint PEM_read_bio_PrivateKey(nint bio, nint* into, delegate* unmanaged<byte*, int, int, void*, int> password, void* argument);

    [LibraryImport("libcrypto")]
    public static partial int PEM_write_bio_X509(nint bio, nint certificate);

    [LibraryImport("libcrypto")]
    public static partial int PEM_write_bio_PrivateKey(
        nint bio, nint key, nint cipher, byte* passphrase, int length, delegate* unmanaged<byte*, int, int, void*, int> password, void* argument);

    [LibraryImport("libcrypto")]
    public static partial nint X509_new();

    [LibraryImport("libcrypto")]
    public static partial void X509_free(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get0_pubkey(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial int X509_check_private_key(nint certificate, nint key);

    [LibraryImport("libcrypto")]
    public static partial int X509_check_issued(nint issuer, nint subject);

    [LibraryImport("libcrypto")]
    public static partial int X509_check_ca(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial int X509_self_signed(nint certificate, int verifySignature);

    [LibraryImport("libcrypto")]
    public static partial int X509_get_signature_info(nint certificate, int* digest, int* key, int* securityBits, uint* flags);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get_subject_name(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get_issuer_name(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get_serialNumber(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get0_notBefore(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get0_notAfter(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_getm_notBefore(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_getm_notAfter(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_gmtime_adj(nint time, nint seconds);

    [LibraryImport("libcrypto")]
    public static partial int X509_cmp_time(nint time, nint* now);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get_ext_d2i(nint certificate, int nid, int* critical, int* index);

    [LibraryImport("libcrypto")]
    public static partial int X509_set_version(nint certificate, nint version);

    [LibraryImport("libcrypto")]
    public static partial int X509_set_pubkey(nint certificate, nint key);

    [LibraryImport("libcrypto")]
    public static partial int X509_set_issuer_name(nint certificate, nint name);

    [LibraryImport("libcrypto")]
    public static partial int X509_add_ext(nint certificate, nint extension, int location);

    [LibraryImport("libcrypto")]
    public static partial int X509_sign(nint certificate, nint key, nint digest);

    [LibraryImport("libcrypto")]
    public static partial int X509_NAME_add_entry_by_txt(nint name, byte* field, int type, byte* value, int length, int location, int set);

    [LibraryImport("libcrypto")]
    public static partial int X509_NAME_print_ex(nint bio, nint name, int indent, nuint flags);

    [LibraryImport("libcrypto")]
    public static partial nint X509V3_EXT_conf_nid(nint configuration, nint context, int nid, byte* value);

    [LibraryImport("libcrypto")]
    public static partial void X509_EXTENSION_free(nint extension);

    [LibraryImport("libcrypto")]
    public static partial void X509_CRL_free(nint list);

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_new();

    [LibraryImport("libcrypto")]
    public static partial void X509_STORE_free(nint store);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_up_ref(nint store);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_add_crl(nint store, nint list);

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_CTX_get0_param(nint context);

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_CTX_get0_chain(nint context);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_CTX_get_error(nint context);

    [LibraryImport("libcrypto")]
    public static partial void X509_STORE_CTX_set_error(nint context, int error);

    [LibraryImport("libcrypto")]
    public static partial void X509_STORE_CTX_set_verify_cb(nint context, delegate* unmanaged<int, nint, int> callback);

    [LibraryImport("libcrypto")]
    public static partial int X509_verify_cert(nint context);

    [LibraryImport("libcrypto")]
    public static partial void X509_VERIFY_PARAM_set_auth_level(nint parameters, int level);

    [LibraryImport("libcrypto")]
    public static partial int X509_VERIFY_PARAM_set_flags(nint parameters, nuint flags);

    [LibraryImport("libcrypto")]
    public static partial int X509_VERIFY_PARAM_set1_host(nint parameters, byte* name, nuint length);

    [LibraryImport("libcrypto")]
    public static partial int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, byte* address);

    [LibraryImport("libcrypto")]
    public static partial void X509_VERIFY_PARAM_set_hostflags(nint parameters, uint flags);

    [LibraryImport("libcrypto")]
    public static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport("libcrypto")]
    public static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport("libcrypto")]
    public static partial nint OPENSSL_sk_new_null();

    [LibraryImport("libcrypto")]
    public static partial int OPENSSL_sk_push(nint stack, nint item);

    [LibraryImport("libcrypto")]
    public static partial void OPENSSL_sk_free(nint stack);

    [LibraryImport("libcrypto")]
    public static partial void GENERAL_NAMES_free(nint names);

    [LibraryImport("libcrypto")]
    public static partial nint GENERAL_NAME_get0_value(nint name, int* type);

    [LibraryImport("libcrypto")]
    public static partial byte* ASN1_STRING_get0_data(nint text);

    [LibraryImport("libcrypto")]
    public static partial void ASN1_STRING_free(nint text);

    [LibraryImport("libcrypto")]
    public static partial int ASN1_STRING_length(nint text);

    [LibraryImport("libcrypto")]
    public static partial int ASN1_INTEGER_set_uint64(nint number, ulong value);

    [LibraryImport("libcrypto")]
    public static partial int ASN1_TIME_print(nint bio, nint time);

    [LibraryImport("libcrypto")]
    public static partial int ASN1_TIME_diff(int* days, int* seconds, nint from, nint to);

    [LibraryImport("libcrypto")]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport("libcrypto")]
    public static partial int EVP_PKEY_get_base_id(nint key);

    [LibraryImport("libcrypto")]
    public static partial int EVP_PKEY_get_bits(nint key);

    [LibraryImport("libcrypto")]
    public static partial nint EVP_PKEY_CTX_new_id(int type, nint engine);

    [LibraryImport("libcrypto")]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport("libcrypto")]
    public static partial int EVP_PKEY_keygen_init(nint context);

    [LibraryImport("libcrypto")]
    public static partial int EVP_PKEY_CTX_set_group_name(nint context, byte* name);

    [LibraryImport("libcrypto")]
    public static partial int EVP_PKEY_keygen(nint context, nint* key);

    [LibraryImport("libcrypto")]
    public static partial nint EVP_sha256();

    [LibraryImport("libcrypto")]
    public static partial nint EVP_aes_256_cbc();

    [LibraryImport("libcrypto")]
    public static partial int EVP_Digest(void* bytes, nuint count, byte* into, uint* length, nint digest, nint engine);

    [LibraryImport("libcrypto")]
    public static partial int EVP_EncryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv);

    [LibraryImport("libcrypto")]
    public static partial int EVP_DecryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv);

    [LibraryImport("libcrypto")]
    public static partial int EVP_MAC_CTX_set_params(nint context, OsslParam* parameters);

    [LibraryImport("libcrypto")]
    public static partial nint d2i_OCSP_RESPONSE(nint* into, byte** bytes, nint length);

    [LibraryImport("libcrypto")]
    public static partial void OCSP_RESPONSE_free(nint response);

    [LibraryImport("libcrypto")]
    public static partial int OCSP_response_status(nint response);
}

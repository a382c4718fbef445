using System.Net;
using System.Text;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>Makes certificates for trying things out (<c>--tls-self-signed</c>), and those by which back ends know the gateway: ECDSA on P-256, signed by their own keys.</summary>
public static unsafe class SelfSignedCertificate
{
    private const int DaysValid = 365;
    private const int SecondsPerDay = 86_400;
    private const int HoursBefore = 3600; // clocks differ

    /// <summary>A certificate for <c>localhost</c>, <c>127.0.0.1</c>, <c>::1</c> and what else is named, in PEM, with its key.</summary>
    /// <param name="names">Host names, perhaps with a wildcard as first label, or IP addresses.</param>
    /// <exception cref="ArgumentException">A name is neither.</exception>
    public static (byte[] Certificate, byte[] Key) Create(IReadOnlyList<string> names) =>
        Create("EdgeProxy self-signed"u8, "serverAuth", AlternativesOf(["localhost", "127.0.0.1", "::1", .. names]));

    /// <summary>A certificate by which back ends know the gateway, in PEM, with its key.</summary>
    public static (byte[] Certificate, byte[] Key) CreateForClient() => Create("EdgeProxy client certificate"u8, "clientAuth", null);

    private static (byte[] Certificate, byte[] Key) Create(ReadOnlySpan<byte> name, string use, string? alternatives)
    {
        OpenSsl.EnsureStarted();
        nint key = NewKey();
        nint certificate = LibCrypto.X509_new();
        try
        {
            Span<byte> serial = stackalloc byte[8];
            OpenSsl.Random(serial);
            bool ok = LibCrypto.X509_set_version(certificate, 2) == 1
                && LibCrypto.ASN1_INTEGER_set_uint64(LibCrypto.X509_get_serialNumber(certificate), BitConverter.ToUInt64(serial) >> 1) == 1
                && LibCrypto.X509_gmtime_adj(LibCrypto.X509_getm_notBefore(certificate), -HoursBefore) != 0
                && LibCrypto.X509_gmtime_adj(LibCrypto.X509_getm_notAfter(certificate), DaysValid * SecondsPerDay) != 0
                && LibCrypto.X509_set_pubkey(certificate, key) == 1
                && SetName(certificate, name)
                && Add(certificate, LibCrypto.NidBasicConstraints, "critical,CA:FALSE")
                && Add(certificate, LibCrypto.NidKeyUsage, "critical,digitalSignature")
                && Add(certificate, LibCrypto.NidExtendedKeyUsage, use)
                && (alternatives is null || Add(certificate, LibCrypto.NidSubjectAltName, alternatives))
                && LibCrypto.X509_sign(certificate, key, LibCrypto.EVP_sha256()) > 0;
            if (!ok) throw new InvalidOperationException($"OpenSSL makes no certificate: {OpenSsl.ErrorText()}");
            return (Encoding.ASCII.GetBytes(X509.PemOf(certificate)), KeyPem(key));
        }
        finally
        {
            LibCrypto.X509_free(certificate);
            LibCrypto.EVP_PKEY_free(key);
        }
    }

    private static string AlternativesOf(IEnumerable<string> names)
    {
        List<string> entries = [];
        foreach (string name in names.Select(name => name.ToLowerInvariant()).Distinct())
        {
            if (IPAddress.TryParse(name, out _)) entries.Add($"IP:{name}");
            else if (IsHostName(name)) entries.Add($"DNS:{name}");
            else throw new ArgumentException($"'{name}' is no host name and no IP address.", nameof(names));
        }

        return string.Join(',', entries);
    }

    /// <summary>Whether a certificate can be made for a host name: labels of letters, digits and hyphens, the first perhaps a wildcard.</summary>
    public static bool IsHostName(string name)
    {
        if (name.StartsWith("*.", StringComparison.Ordinal)) name = name[2..];
        return name.Length is > 0 and < 254 && name.Split('.').All(label => label.Length is > 0 and < 64 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
    }

    private static nint NewKey()
    {
        nint context = LibCrypto.EVP_PKEY_CTX_new_id(LibCrypto.EvpPkeyEc, 0);
        nint key = 0;
        fixed (byte* curve = "P-256\0"u8)
        {
            bool made = LibCrypto.EVP_PKEY_keygen_init(context) == 1
                && LibCrypto.EVP_PKEY_CTX_set_group_name(context, curve) == 1
                && LibCrypto.EVP_PKEY_keygen(context, &key) == 1;
            LibCrypto.EVP_PKEY_CTX_free(context);
            if (!made) throw new InvalidOperationException($"OpenSSL makes no key: {OpenSsl.ErrorText()}");
        }

        return key;
    }

    private static bool SetName(nint certificate, ReadOnlySpan<byte> value)
    {
        nint name = LibCrypto.X509_get_subject_name(certificate);
        fixed (byte* field = "CN\0"u8, text = value)
        {
            return LibCrypto.X509_NAME_add_entry_by_txt(name, field, LibCrypto.MbStringUtf8, text, value.Length, -1, 0) == 1
                && LibCrypto.X509_set_issuer_name(certificate, name) == 1;
        }
    }

    private static bool Add(nint certificate, int nid, string value)
    {
        fixed (byte* text = OpenSsl.Terminated(value))
        {
            nint extension = LibCrypto.X509V3_EXT_conf_nid(0, 0, nid, text);
            if (extension == 0) return false;
            bool added = LibCrypto.X509_add_ext(certificate, extension, -1) == 1;
            LibCrypto.X509_EXTENSION_free(extension);
            return added;
        }
    }

    private static byte[] KeyPem(nint key)
    {
        nint bio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        LibCrypto.PEM_write_bio_PrivateKey(bio, key, 0, null, 0, null, null);
        return Encoding.ASCII.GetBytes(OpenSsl.TakeText(bio));
    }
}

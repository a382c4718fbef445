using System.Globalization;
using System.Text;

namespace EdgeProxy.Transport.Tls.Native;

/// <summary>Reads certificates: OpenSSL's <c>X509</c> as values and in the words of the gateway.</summary>
internal static unsafe class X509
{
    private const int LeastSignatureBits = 128; // SHA-256 and stronger
    private const int LeastRsaBits = 2048;
    private const int LeastEcBits = 256;

    /// <summary>All certificates of a PEM text, each with a reference of its own, and whether the text broke off with one that cannot be read.</summary>
    public static List<NativeReference> ReadAll(ReadOnlySpan<byte> pem, out bool brokeOff)
    {
        List<NativeReference> certificates = [];
        fixed (byte* start = pem)
        {
            nint bio = LibCrypto.BIO_new_mem_buf(start, pem.Length);
            while (true)
            {
                LibCrypto.ERR_clear_error();
                nint certificate = LibCrypto.PEM_read_bio_X509(bio, null, &OpenSsl.NoPassphrase, null);
                if (certificate == 0) break;
                certificates.Add(NativeReference.OfCertificate(certificate));
            }

            LibCrypto.BIO_free(bio);
        }

        brokeOff = !IsEndOfPem();
        LibCrypto.ERR_clear_error();
        return certificates;
    }

    /// <summary>The names of a leaf: its subjectAltName's DNS names in lower case and IP addresses as text.</summary>
    public static string[] NamesOf(nint certificate)
    {
        nint names = LibCrypto.X509_get_ext_d2i(certificate, LibCrypto.NidSubjectAltName, null, null);
        if (names == 0) return [];
        List<string> found = [];
        int count = LibCrypto.OPENSSL_sk_num(names);
        for (int i = 0; i < count; i++)
        {
            int type;
            nint value = LibCrypto.GENERAL_NAME_get0_value(LibCrypto.OPENSSL_sk_value(names, i), &type);
            var bytes = type is LibCrypto.GeneralNameDns or LibCrypto.GeneralNameIp
                ? new ReadOnlySpan<byte>(LibCrypto.ASN1_STRING_get0_data(value), LibCrypto.ASN1_STRING_length(value))
                : default;
            if (type == LibCrypto.GeneralNameDns) found.Add(Encoding.ASCII.GetString(bytes).ToLowerInvariant());
            else if (type == LibCrypto.GeneralNameIp && bytes.Length is 4 or 16) found.Add(new System.Net.IPAddress(bytes).ToString());
        }

        LibCrypto.GENERAL_NAMES_free(names);
        return [.. found];
    }

    /// <summary>In the words of <c>$context.identity.clientCert</c> (security.md 10).</summary>
    public static ClientCertificate Describe(nint certificate) => new()
    {
        Pem = PemOf(certificate),
        SubjectDn = NameText(LibCrypto.X509_get_subject_name(certificate)),
        IssuerDn = NameText(LibCrypto.X509_get_issuer_name(certificate)),
        SerialNumber = SerialText(certificate),
        NotBefore = TimeText(LibCrypto.X509_get0_notBefore(certificate)),
        NotAfter = TimeText(LibCrypto.X509_get0_notAfter(certificate)),
    };

    public static string SubjectOf(nint certificate) => NameText(LibCrypto.X509_get_subject_name(certificate));

    public static string TimeText(nint time)
    {
        nint bio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        LibCrypto.ASN1_TIME_print(bio, time);
        return OpenSsl.TakeText(bio);
    }

    /// <summary>When it ends, in UTC.</summary>
    public static DateTimeOffset EndOf(nint certificate)
    {
        int days;
        int seconds;
        nint now = LibCrypto.X509_gmtime_adj(0, 0);
        DateTimeOffset clock = DateTimeOffset.UtcNow;
        int ok = LibCrypto.ASN1_TIME_diff(&days, &seconds, now, LibCrypto.X509_get0_notAfter(certificate));
        LibCrypto.ASN1_STRING_free(now);
        if (ok != 1) return DateTimeOffset.MinValue;
        return clock.AddDays(days).AddSeconds(seconds);
    }

    /// <summary>Below zero: the time is in the past; above: in the future.</summary>
    public static int CompareToNow(nint time) => LibCrypto.X509_cmp_time(time, null);

    public static bool IsExpired(nint certificate) => CompareToNow(LibCrypto.X509_get0_notAfter(certificate)) <= 0;

    public static bool IsNotYetValid(nint certificate) => CompareToNow(LibCrypto.X509_get0_notBefore(certificate)) > 0;

    public static bool IsSelfSigned(nint certificate) => LibCrypto.X509_self_signed(certificate, 0) == 1;

    /// <summary>RSA of 2048 bits, an elliptic curve of 256, or one of the Edwards curves; or more.</summary>
    public static bool HasStrongKey(nint certificate)
    {
        nint key = LibCrypto.X509_get0_pubkey(certificate);
        if (key == 0) return false;
        int bits = LibCrypto.EVP_PKEY_get_bits(key);
        return LibCrypto.EVP_PKEY_get_base_id(key) switch
        {
            LibCrypto.EvpPkeyRsa or LibCrypto.EvpPkeyRsaPss => bits >= LeastRsaBits,
            LibCrypto.EvpPkeyEc => bits >= LeastEcBits,
            LibCrypto.EvpPkeyEd25519 or LibCrypto.EvpPkeyEd448 => true,
            _ => false,
        };
    }

    /// <summary>Whether its signature is over SHA-256 or a stronger digest.</summary>
    public static bool HasStrongSignature(nint certificate)
    {
        int bits;
        return LibCrypto.X509_get_signature_info(certificate, null, null, &bits, null) == 1 && bits >= LeastSignatureBits;
    }

    public static string PemOf(nint certificate)
    {
        nint bio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        LibCrypto.PEM_write_bio_X509(bio, certificate);
        return OpenSsl.TakeText(bio);
    }

    private static string NameText(nint name)
    {
        nint bio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        LibCrypto.X509_NAME_print_ex(bio, name, 0, LibCrypto.PrintRfc2253);
        return OpenSsl.TakeText(bio);
    }

    private static string SerialText(nint certificate)
    {
        nint serial = LibCrypto.X509_get_serialNumber(certificate);
        var bytes = new ReadOnlySpan<byte>(LibCrypto.ASN1_STRING_get0_data(serial), LibCrypto.ASN1_STRING_length(serial));
        if (bytes.Length == 0) return "00";
        var text = new StringBuilder(bytes.Length * 3);
        foreach (byte value in bytes) text.Append(text.Length > 0 ? ":" : "").Append(value.ToString("x2", CultureInfo.InvariantCulture));
        return text.ToString();
    }

    // PEM_R_NO_START_LINE: the text has no more; anything else is an entry that cannot be read.
    private static bool IsEndOfPem()
    {
        const int PemLibrary = 9;
        const int NoStartLine = 108;
        nuint error = LibCrypto.ERR_peek_last_error();
        return error == 0 || (error >> 23 == PemLibrary && (error & 0x7FFFFF) == NoStartLine);
    }
}

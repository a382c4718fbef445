using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.Transport.Tls.Native;

/// <summary>What all uses of OpenSSL share: its start, its errors, its text.</summary>
internal static unsafe class OpenSsl
{
    private const int LibraryShift = 23;
    private const nuint ReasonMask = 0x7FFFFF;
    private const nuint SslLibrary = 20;

    private static readonly bool s_started = Start();

    /// <summary>Starts the library, once. No configuration file of the machine changes what is served; no exit handler runs under live threads.</summary>
    public static void EnsureStarted()
    {
        if (!s_started) throw new InvalidOperationException("OpenSSL does not start.");
    }

    /// <summary>Null-terminated text as a string; empty for null.</summary>
    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>The reason code of the first error of this thread's queue when libssl made it, else 0.</summary>
    public static int SslReason()
    {
        nuint error = LibCrypto.ERR_peek_error();
        return error >> LibraryShift == SslLibrary ? (int)(error & ReasonMask) : 0;
    }

    /// <summary>The first error of this thread's queue in words.</summary>
    public static string ErrorText()
    {
        nuint error = LibCrypto.ERR_peek_error();
        if (error == 0) return "no error";
        byte* text = stackalloc byte[256];
        LibCrypto.ERR_error_string_n(error, text, 256);
        return Text(text);
    }

    /// <summary>Passes null-terminated bytes to a call. For literals and settings: the text is short.</summary>
    public static byte[] Terminated(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>Takes what was written to a memory BIO and frees it.</summary>
    public static string TakeText(nint bio)
    {
        byte* start = null;
        nint length = LibCrypto.BIO_ctrl(bio, LibCrypto.BioCtrlInfo, 0, &start);
        string text = length > 0 ? Encoding.UTF8.GetString(start, (int)length) : "";
        LibCrypto.BIO_free(bio);
        return text;
    }

    /// <summary>SHA-256 of bytes.</summary>
    public static byte[] Sha256(ReadOnlySpan<byte> bytes)
    {
        byte[] digest = new byte[32];
        fixed (byte* from = bytes, into = digest)
        {
            uint length = 32;
            if (LibCrypto.EVP_Digest(from, (nuint)bytes.Length, into, &length, LibCrypto.EVP_sha256(), 0) != 1) throw new InvalidOperationException(ErrorText());
        }

        return digest;
    }

    /// <summary>Fills a span with bytes that nobody can guess.</summary>
    public static void Random(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            if (LibCrypto.RAND_bytes(start, bytes.Length) != 1) throw new InvalidOperationException(ErrorText());
        }
    }

    /// <summary>For <c>pem_password_cb</c>: a key under a passphrase is not asked for on the terminal, it is refused.</summary>
    [UnmanagedCallersOnly]
    public static int NoPassphrase(byte* into, int size, int isWriting, void* argument) => -1;

    private static bool Start() => LibSsl.OPENSSL_init_ssl(LibSsl.InitNoLoadConfig | LibSsl.InitNoAtExit, 0) == 1;
}

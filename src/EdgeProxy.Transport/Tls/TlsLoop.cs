using System.Runtime.InteropServices;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>The memory that all TLS connections of one loop's thread pass their ciphertext through, and OpenSSL's way to it.</summary>
/// <remarks>
/// Each connection's BIO points to the one <see cref="TlsTransfer"/> of its thread: a call of OpenSSL reads and writes there, and whoever
/// made the call receives and sends. So an idle connection holds no buffer and a call needs no handle to a managed object.
/// </remarks>
internal sealed unsafe class TlsLoop
{
    /// <summary>Bytes one receive can yield.</summary>
    public const int ReceiveSize = 64 * 1024;

    /// <summary>Largest plaintext of a record (RFC 8446, 5.1).</summary>
    public const int RecordSize = 16 * 1024;

    /// <summary>What the largest record may need besides its plaintext, and the empty one that TLS 1.0 puts before it.</summary>
    public const int RecordOverhead = 512;

    /// <summary>Bytes of records that are gathered before they are sent: four of the largest, or the longest flight of a handshake.</summary>
    public const int GatherSize = (4 * (RecordSize + RecordOverhead)) + (8 * 1024);

    private static readonly nint s_method = NewMethod();

    [ThreadStatic]
    private static TlsLoop? t_loop;

    private TlsLoop()
    {
        Received = (byte*)NativeMemory.Alloc(ReceiveSize);
        Transfer = (TlsTransfer*)NativeMemory.AllocZeroed((nuint)sizeof(TlsTransfer));
        Transfer->Out = (byte*)NativeMemory.Alloc(GatherSize);
    }

    /// <summary>That of the calling thread. It lives as long as the process, as loops do.</summary>
    public static TlsLoop OfThread => t_loop ??= new TlsLoop();

    public byte* Received { get; }

    public TlsTransfer* Transfer { get; }

    /// <summary>The server's handshake whose step runs now.</summary>
    public ServerHandshake? Handshake { get; set; }

    /// <summary>Who is given a session that the other side offers in the call that runs now.</summary>
    public ISessionStore? Sessions { get; set; }

    /// <summary>Renegotiations that OpenSSL has refused in the call that runs now.</summary>
    public int RefusedRenegotiations { get; set; }

    /// <summary>A BIO onto this thread's transfer.</summary>
    public nint NewBio()
    {
        nint bio = LibCrypto.BIO_new(s_method);
        LibCrypto.BIO_set_data(bio, Transfer);
        LibCrypto.BIO_set_init(bio, 1);
        return bio;
    }

    /// <summary>For <c>SSL_CTX_sess_set_new_cb</c>: 1 keeps the reference that comes with the session.</summary>
    [UnmanagedCallersOnly]
    public static int TakeSession(nint ssl, nint session)
    {
        if (OfThread.Sessions is not { } sessions) return 0;
        sessions.Take(session);
        return 1;
    }

    /// <summary>For <c>SSL_set_info_callback</c>: OpenSSL refuses a renegotiation by an alert, and tells of it in no other way.</summary>
    [UnmanagedCallersOnly]
    public static void NoteAlert(nint ssl, int where, int alert)
    {
        if (where == LibSsl.WroteAlert && (alert & 0xFF) == LibSsl.AlertNoRenegotiation) OfThread.RefusedRenegotiations++;
    }

    private static nint NewMethod()
    {
        OpenSsl.EnsureStarted();
        fixed (byte* name = "loop\0"u8)
        {
            nint method = LibCrypto.BIO_meth_new(LibCrypto.BioTypeSourceSink, name);
            LibCrypto.BIO_meth_set_read(method, &Read);
            LibCrypto.BIO_meth_set_write(method, &Write);
            LibCrypto.BIO_meth_set_ctrl(method, &Control);
            return method;
        }
    }

    [UnmanagedCallersOnly]
    private static int Read(nint bio, byte* into, int count)
    {
        var transfer = (TlsTransfer*)LibCrypto.BIO_get_data(bio);
        int taken = Math.Min(count, transfer->InLeft);
        if (taken <= 0)
        {
            LibCrypto.BIO_set_flags(bio, LibCrypto.BioFlagsReadLater);
            return -1;
        }

        Buffer.MemoryCopy(transfer->In, into, count, taken);
        transfer->In += taken;
        transfer->InLeft -= taken;
        return taken;
    }

    [UnmanagedCallersOnly]
    private static int Write(nint bio, byte* from, int count)
    {
        var transfer = (TlsTransfer*)LibCrypto.BIO_get_data(bio);
        int taken = Math.Min(count, GatherSize - transfer->OutLength);
        if (taken <= 0)
        {
            LibCrypto.BIO_set_flags(bio, LibCrypto.BioFlagsWriteLater);
            return -1;
        }

        Buffer.MemoryCopy(from, transfer->Out + transfer->OutLength, taken, taken);
        transfer->OutLength += taken;
        return taken;
    }

    [UnmanagedCallersOnly]
    private static nint Control(nint bio, int command, nint number, void* pointer) => command == LibCrypto.BioCtrlFlush ? 1 : 0;
}

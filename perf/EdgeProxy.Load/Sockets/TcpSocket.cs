using System.Net;
using System.Runtime.InteropServices;

namespace EdgeProxy.Load.Sockets;

/// <summary>Non-blocking TCP sockets as plain descriptors.</summary>
internal static unsafe class TcpSocket
{
    /// <summary>Starts a connection and returns its descriptor, or -1 with the reason in errno.</summary>
    /// <remarks>The outcome comes with the first writable event; ask <see cref="PendingError"/>.</remarks>
    public static int StartConnect(ReadOnlySpan<byte> address)
    {
        int family = BitConverter.ToUInt16(address);
        int descriptor = Libc.Socket(family, Libc.SocketStream | Libc.SocketNonBlocking | Libc.SocketCloseOnExec, 0);
        if (descriptor < 0) return -1;

        SetNoDelay(descriptor);
        fixed (byte* encoded = address)
        {
            if (Libc.Connect(descriptor, encoded, (uint)address.Length) == 0) return descriptor;
        }

        int error = Marshal.GetLastPInvokeError();
        if (error == Libc.InProgress) return descriptor;

        Libc.Close(descriptor);
        Marshal.SetLastPInvokeError(error);
        return -1;
    }

    /// <summary>Binds and listens; returns the descriptor and the port it got.</summary>
    public static int Listen(IPAddress address, int port, out int boundPort)
    {
        int descriptor = Libc.Socket(AddressBytes.FamilyOf(address), Libc.SocketStream | Libc.SocketNonBlocking | Libc.SocketCloseOnExec, 0);
        if (descriptor < 0) throw new IOException($"socket failed: errno {Marshal.GetLastPInvokeError()}");

        SetInteger(descriptor, Libc.LevelSocket, Libc.OptionReuseAddress, 1);
        byte[] encoded = AddressBytes.Encode(address, port);
        byte[] bound = new byte[encoded.Length];
        fixed (byte* requested = encoded, got = bound)
        {
            uint length = (uint)encoded.Length;
            if (Libc.Bind(descriptor, requested, length) < 0 || Libc.Listen(descriptor, 4096) < 0
                || Libc.GetSocketName(descriptor, got, &length) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                Libc.Close(descriptor);
                throw new IOException($"cannot listen on {address}:{port}: errno {error}");
            }
        }

        boundPort = AddressBytes.PortOf(bound);
        return descriptor;
    }

    /// <summary>The next waiting connection, or -1 with the reason in errno.</summary>
    public static int Accept(int listener)
    {
        int descriptor = Libc.Accept(listener, null, null, Libc.SocketNonBlocking | Libc.SocketCloseOnExec);
        if (descriptor >= 0) SetNoDelay(descriptor);
        return descriptor;
    }

    /// <summary>The error a connect or an event left on the socket; 0 for none.</summary>
    public static int PendingError(int descriptor)
    {
        int error = 0;
        uint length = sizeof(int);
        return Libc.GetSocketOption(descriptor, Libc.LevelSocket, Libc.OptionError, &error, &length) < 0
            ? Marshal.GetLastPInvokeError()
            : error;
    }

    /// <summary>Received bytes, 0 at the peer's end, or -1 with the reason in errno.</summary>
    public static int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer) return (int)Libc.Receive(descriptor, start, (nuint)buffer.Length, 0);
    }

    /// <summary>Sent bytes, or -1 with the reason in errno.</summary>
    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) return (int)Libc.Send(descriptor, start, (nuint)bytes.Length, Libc.MessageNoSignal);
    }

    /// <summary>Closes with a reset, so that a run of many connections leaves none in TIME_WAIT.</summary>
    public static void Abort(int descriptor)
    {
        long lingerZero = 1; // l_onoff = 1, l_linger = 0
        Libc.SetSocketOption(descriptor, Libc.LevelSocket, Libc.OptionLinger, &lingerZero, sizeof(long));
        Libc.Close(descriptor);
    }

    public static void Close(int descriptor) => Libc.Close(descriptor);

    /// <summary>Raises the soft limit of open files to the hard one and returns it.</summary>
    public static ulong RaiseFileLimit()
    {
        Libc.ResourceLimit limit;
        if (Libc.GetLimit(Libc.ResourceOpenFiles, &limit) < 0) return 0;
        if (limit.Soft >= limit.Hard) return limit.Soft;

        limit.Soft = limit.Hard;
        return Libc.SetLimit(Libc.ResourceOpenFiles, &limit) == 0 ? limit.Hard : 0;
    }

    private static void SetNoDelay(int descriptor) => SetInteger(descriptor, Libc.LevelTcp, Libc.OptionNoDelay, 1);

    private static void SetInteger(int descriptor, int level, int name, int value) =>
        Libc.SetSocketOption(descriptor, level, name, &value, sizeof(int));
}

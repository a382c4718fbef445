using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Transport.Connections;

/// <summary>A plain TCP connection on a <see cref="SocketLoop"/>.</summary>
public abstract unsafe class SocketConnection : Connection
{
    private protected SocketConnection(SocketLoop loop, int descriptor, IpEndpoint peer)
        : base(loop)
    {
        Descriptor = descriptor;
        Peer = peer;
    }

    private protected int Descriptor { get; set; }

    public override void Break()
    {
        if (IsClosed) return;
        Linger linger = new() { OnOff = 1, Seconds = 0 };
        Libc.setsockopt(Descriptor, Libc.SOL_SOCKET, Libc.SO_LINGER, &linger, (uint)sizeof(Linger));
        Discard();
        Close();
    }

    /// <summary>The pending error of a connection attempt, or 0.</summary>
    internal int TakeError()
    {
        int error = 0;
        uint length = sizeof(int);
        return Libc.getsockopt(Descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR, &error, &length) == 0 ? error : Libc.Error();
    }

    /// <summary>Forgets what was taken for sending and did not reach the kernel.</summary>
    private protected virtual void Discard()
    {
    }

    private struct Linger
    {
        public int OnOff;
        public int Seconds;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Transport.Loops;

/// <summary>The system calls of loops and sockets, as Linux on x86-64 declares them.</summary>
internal static unsafe partial class Libc
{
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int ENONET = 64;
    public const int EPROTO = 71;
    public const int ENOPROTOOPT = 92;
    public const int EADDRINUSE = 98;
    public const int ENETDOWN = 100;
    public const int ENETUNREACH = 101;
    public const int ECONNABORTED = 103;
    public const int EHOSTDOWN = 112;
    public const int EHOSTUNREACH = 113;
    public const int EINPROGRESS = 115;

    public const int AF_INET = 2;
    public const int AF_INET6 = 10;
    public const int SOCK_STREAM = 1;
    public const int SOCK_NONBLOCK = 0x800;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int SOL_SOCKET = 1;
    public const int SO_REUSEADDR = 2;
    public const int SO_ERROR = 4;
    public const int SO_LINGER = 13;
    public const int SO_REUSEPORT = 15;
    public const int IPPROTO_TCP = 6;
    public const int TCP_NODELAY = 1;
    public const int MSG_NOSIGNAL = 0x4000;
    public const int SHUT_WR = 1;

    public const uint EPOLLIN = 0x1;
    public const uint EPOLLOUT = 0x4;
    public const uint EPOLLERR = 0x8;
    public const uint EPOLLRDHUP = 0x2000;
    public const uint EPOLLEXCLUSIVE = 1u << 28;
    public const uint EPOLLET = 1u << 31;
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const int EPOLL_CLOEXEC = 0x80000;

    [LibraryImport("libc")]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    public static partial int epoll_ctl(int epoll, int operation, int descriptor, EpollEvent* registration);

    [LibraryImport("libc")]
    public static partial int epoll_wait(int epoll, EpollEvent* events, int maximum, int timeoutMilliseconds);

    [LibraryImport("libc")]
    private static partial int getrusage(int who, long* usage);

    /// <summary>How often the calling thread gave its processor up because it had nothing to do; -1 when the system does not tell.</summary>
    public static long VoluntarySwitches()
    {
        const int ThisThread = 1; // RUSAGE_THREAD
        const int Switches = 16; // ru_nvcsw: behind two times of two words and twelve words
        long* usage = stackalloc long[18];
        return getrusage(ThisThread, usage) == 0 ? usage[Switches] : -1;
    }

    [LibraryImport("libc")]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    public static partial nint read(int descriptor, void* buffer, nint count);

    [LibraryImport("libc")]
    public static partial nint write(int descriptor, void* buffer, nint count);

    private const nint SysSendTo = 44; // x86-64
    private const nint SysReceiveFrom = 45;

    /// <summary>As <c>recv</c>, without the thread-cancellation bookkeeping that the C library wraps around it: the two calls each request makes most.</summary>
    public static nint recv(int descriptor, void* buffer, nint length, int flags) =>
        syscall(SysReceiveFrom, descriptor, (nint)buffer, length, flags, 0, 0);

    /// <summary>As <c>send</c>, likewise.</summary>
    public static nint send(int descriptor, void* buffer, nint length, int flags) =>
        syscall(SysSendTo, descriptor, (nint)buffer, length, flags, 0, 0);

    [LibraryImport("libc")]
    public static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc")]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc")]
    public static partial int bind(int descriptor, void* address, uint length);

    [LibraryImport("libc")]
    public static partial int listen(int descriptor, int backlog);

    [LibraryImport("libc")]
    public static partial int connect(int descriptor, void* address, uint length);

    [LibraryImport("libc")]
    public static partial int accept4(int descriptor, void* address, uint* length, int flags);

    [LibraryImport("libc")]
    public static partial int getsockname(int descriptor, void* address, uint* length);

    [LibraryImport("libc")]
    public static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc")]
    public static partial int getsockopt(int descriptor, int level, int option, void* value, uint* length);

    [LibraryImport("libc")]
    public static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc")]
    public static partial int close(int descriptor);

    [LibraryImport("libc")]
    public static partial int fcntl(int descriptor, int command, int argument);

    /// <summary>The error of the call just made on this thread.</summary>
    public static int Error() => Marshal.GetLastSystemError();

    public static int SetOption(int descriptor, int level, int option, int value) =>
        setsockopt(descriptor, level, option, &value, sizeof(int));

    /// <summary>What a failed receive or send means to the connection.</summary>
    public static IoResult Failure() => Error() is EAGAIN or EINTR ? IoResult.Of(IoStatus.WouldBlock) : IoResult.Of(IoStatus.Reset);
}

/// <summary>As the kernel lays it out: packed on x86-64 only.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    public uint Events;
    public ulong Data;
}

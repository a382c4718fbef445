namespace EdgeProxy.Settings;

/// <summary>How data loops hear of their sockets.</summary>
internal enum LoopBackend
{
    /// <summary>io_uring where it is allowed, else epoll.</summary>
    Automatic,
    Epoll,

    /// <summary>io_uring; epoll, and a warning, where it is not allowed.</summary>
    IoUring,
}

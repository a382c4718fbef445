using System.Runtime.InteropServices;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>Puts one thread to sleep until another wakes it (eventfd(2)): no lock, no allocation, one system call to wake.</summary>
internal sealed partial class WakeEvent : IDisposable
{
    private const int CloseOnExec = 0x80000;

    private readonly int _descriptor;

    public WakeEvent()
    {
        _descriptor = eventfd(0, CloseOnExec);
        if (_descriptor < 0) throw new IOException($"Cannot make an event: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }

    /// <summary>Wakes the sleeper, or keeps it from its next sleep. Any thread.</summary>
    public void Set()
    {
        ulong one = 1;
        _ = write(_descriptor, ref one, sizeof(ulong));
    }

    /// <summary>Sleeps until set; may also return early.</summary>
    public void Wait()
    {
        ulong count = 0;
        _ = read(_descriptor, ref count, sizeof(ulong));
    }

    public void Dispose() => _ = close(_descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, ref ulong value, nuint count);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, ref ulong value, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}

using System.Runtime.InteropServices;

namespace EdgeProxy.Lambda.Workers;

/// <summary>The calls of the C library that processes need and the framework does not offer.</summary>
internal static unsafe partial class Native
{
    public const int Terminate = 15;
    public const int Kill = 9;

    public const short PollIn = 1;

    private const int ExecuteAccess = 1;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int Interrupted = 4;

    /// <summary>Whether this process may execute the file.</summary>
    public static bool MayExecute(string path) => access(path, ExecuteAccess) == 0;

    /// <summary>Sends a signal to a process, or to a group when the id is negative; false when there is none (any more, or yet).</summary>
    public static bool Signal(int process, int signal) => kill(process, signal) == 0;

    /// <summary>A counter that makes a poll return.</summary>
    public static int OpenEvent() => eventfd(0, CloseOnExec | NonBlocking);

    public static void Raise(int descriptor)
    {
        ulong one = 1;
        write(descriptor, &one, sizeof(ulong));
    }

    public static void Lower(int descriptor)
    {
        ulong count;
        read(descriptor, &count, sizeof(ulong));
    }

    public static void Close(int descriptor) => close(descriptor);

    /// <summary>Waits until one of the descriptors has input.</summary>
    public static void Poll(Span<PollEntry> entries, int milliseconds)
    {
        fixed (PollEntry* start = entries)
        {
            poll(start, (nuint)entries.Length, milliseconds);
        }
    }

    /// <summary>Reads what there is; 0 at the end, below 0 when there is nothing to be had.</summary>
    public static int Read(SafeHandle handle, Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            while (true)
            {
                nint count = read((int)handle.DangerousGetHandle(), start, (nuint)destination.Length);
                if (count >= 0 || Marshal.GetLastPInvokeError() != Interrupted) return (int)count;
            }
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, void* destination, nuint length);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, void* source, nuint length);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    /// <summary>What poll(2) is asked about one descriptor, and what it says.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }
}

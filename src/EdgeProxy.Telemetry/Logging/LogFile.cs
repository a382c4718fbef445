using System.Runtime.InteropServices;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>An append-only descriptor: a file opened for appending with mode 0640, or a standard stream.</summary>
/// <remarks>
/// System calls rather than FileStream, which appends at an offset of its own: after another process truncates the file (log
/// rotation by copying) it would leave a hole, and two nodes on one file would overwrite each other.
/// </remarks>
internal sealed partial class LogFile : IDisposable
{
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int NoControllingTerminal = 0x100;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;
    private const uint OwnerWritesGroupReads = 0b110_100_000;

    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const short PollOut = 4;

    private readonly bool _owned;
    private int _descriptor;

    private LogFile(int descriptor, bool owned)
    {
        _descriptor = descriptor;
        _owned = owned;
    }

    public static LogFile StandardOutput { get; } = new(1, owned: false);

    public static LogFile StandardError { get; } = new(2, owned: false);

    /// <summary>Opens a file for appending, making it when missing.</summary>
    /// <exception cref="IOException">The file cannot be opened; the message says why.</exception>
    public static LogFile Open(string path)
    {
        while (true)
        {
            int descriptor = open(path, WriteOnly | Create | Append | CloseOnExec | NoControllingTerminal, OwnerWritesGroupReads);
            if (descriptor >= 0) return new LogFile(descriptor, owned: true);
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw new IOException($"Cannot open {path}: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    /// <summary>Writes all of it, waiting for a slow pipe as long as <paramref name="goOn"/> says so.</summary>
    /// <param name="bytes">What to write.</param>
    /// <param name="goOn">Asked each time a non-blocking descriptor has no room for 100 ms.</param>
    /// <param name="written">Bytes written, also after an error.</param>
    /// <returns>0, or the error number.</returns>
    public int Write(ReadOnlySpan<byte> bytes, Func<bool> goOn, out int written)
    {
        written = 0;
        while (written < bytes.Length)
        {
            nint count = write(_descriptor, bytes[written..], (nuint)(bytes.Length - written));
            if (count >= 0)
            {
                written += (int)count;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Interrupted) continue;
            if (error != TryAgain || !WaitForRoom(goOn)) return error;
        }

        return 0;
    }

    public void Dispose()
    {
        if (!_owned || _descriptor < 0) return;
        _ = close(_descriptor);
        _descriptor = -1;
    }

    private bool WaitForRoom(Func<bool> goOn)
    {
        while (goOn())
        {
            var wait = new PollDescriptor { Descriptor = _descriptor, Events = PollOut };
            if (poll(ref wait, 1, 100) > 0) return true;
        }

        return false;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

using System.Runtime.InteropServices;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>The few system calls that the standard library has no word for.</summary>
internal static partial class Native
{
    public const int SIGHUP = 1;
    public const int SIGUSR1 = 10;
    public const int SIGKILL = 9;
    public const int SIGTERM = 15;

    private const int F_SETFD = 2;

    public static void Signal(int processId, int signal)
    {
        if (Kill(processId, signal) != 0) throw new InvalidOperationException($"kill({processId}, {signal}) failed: {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Lets processes started from now on inherit a descriptor, which .NET otherwise closes in them.</summary>
    public static void MakeInheritable(int descriptor)
    {
        if (Fcntl(descriptor, F_SETFD, 0) != 0) throw new InvalidOperationException($"fcntl({descriptor}) failed: {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);
}

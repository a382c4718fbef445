using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Platform;

/// <summary>How a worker of a local function begins: as this binary, which ties itself to the node and then becomes the function's runtime.</summary>
/// <remarks>
/// What has to be said of a process by itself, between fork and exec, cannot be said by managed code that has other threads. So the node starts
/// itself: <c>edgeproxy __worker NODE EXECUTABLE ARGUMENTS</c> leads a session of its own, so that what the function starts can be ended with it; dies with the
/// thread of the node that started it, however that ends; and undoes what the runtime of .NET has done to signals.
/// </remarks>
internal static unsafe partial class WorkerStart
{
    /// <summary>The first argument of a process that is to be a worker. Not for people.</summary>
    public const string Verb = "__worker";

    private const int CannotExecute = 126;
    private const int ParentDeathSignal = 1;
    private const int Kill = 9;
    private const int BrokenPipe = 13;

    /// <summary>What the node puts before the command line of a worker; empty where this process is not the published binary.</summary>
    public static IReadOnlyList<string> Launcher => RuntimeFeature.IsDynamicCodeSupported
        ? []
        : ["/proc/self/exe", Verb, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Becomes the executable; returns only when that failed.</summary>
    /// <param name="arguments">The verb, the node's process id, the executable, its arguments.</param>
    public static int Run(string[] arguments)
    {
        if (arguments.Length < 3 || !int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out int node)) return CannotExecute;
        setsid();
        prctl(ParentDeathSignal, Kill, 0, 0, 0);
        if (getppid() != node) return CannotExecute; // it ended before it could be said

        signal(BrokenPipe, 0);
        byte** words = stackalloc byte*[arguments.Length - 1];
        for (int i = 2; i < arguments.Length; i++) words[i - 2] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[i]);
        words[arguments.Length - 2] = null;
        execv(words[0], words);
        Console.Error.WriteLine($"{arguments[2]} cannot be executed (errno {Marshal.GetLastPInvokeError()})");
        return CannotExecute;
    }

    [LibraryImport("libc")]
    private static partial int setsid();

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int execv(byte* path, byte** arguments);
}

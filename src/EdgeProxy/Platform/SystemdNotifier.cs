using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EdgeProxy.Platform;

/// <summary>Tells the service manager how the node is (sd_notify(3)). Does nothing when there is none.</summary>
/// <remarks>One datagram a message; losing one does no harm, so nothing waits and nothing is retried.</remarks>
internal sealed class SystemdNotifier : IDisposable
{
    private readonly byte[]? _address;
    private readonly int _descriptor = -1;

    /// <param name="environment">Read for <c>NOTIFY_SOCKET</c>, <c>WATCHDOG_USEC</c> and <c>WATCHDOG_PID</c>.</param>
    /// <param name="processId">This process.</param>
    public SystemdNotifier(IReadOnlyDictionary<string, string> environment, int processId)
    {
        string path = environment.GetValueOrDefault("NOTIFY_SOCKET", "");
        if (path.Length == 0 || path[0] is not ('/' or '@')) return;
        _address = KernelAddress.OfUnix(path);
        if (_address is null) return;
        _descriptor = Native.socket(Native.AF_UNIX, Native.SOCK_DGRAM | Native.SOCK_CLOEXEC, 0);
        WatchdogInterval = Interval(environment, processId);
    }

    /// <summary>How often <see cref="Watchdog"/> should be sent, in nanoseconds: half of what systemd waits. 0 when it does not wait.</summary>
    public long WatchdogInterval { get; }

    /// <summary>Whether anybody listens.</summary>
    public bool IsActive => _descriptor >= 0;

    /// <summary>The node serves.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={Line(status)}");

    /// <summary>A reload has begun; <see cref="Ready"/> ends it. <c>Type=notify-reload</c> wants the time to tell old messages from new.</summary>
    public void Reloading() =>
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}"));

    /// <summary>The node drains.</summary>
    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={Line(status)}");

    /// <summary>All loops still turn.</summary>
    public void Watchdog() => Send("WATCHDOG=1");

    public void Dispose()
    {
        if (_descriptor >= 0) Native.close(_descriptor);
    }

    private unsafe void Send(string message)
    {
        if (_descriptor < 0) return;
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        fixed (byte* content = bytes)
        fixed (byte* address = _address)
        {
            Native.sendto(_descriptor, content, (nuint)bytes.Length, Native.MSG_NOSIGNAL, address, (uint)_address!.Length);
        }
    }

    // A line end would begin another assignment.
    private static string Line(string text) => text.ReplaceLineEndings(" ");

    private static long Interval(IReadOnlyDictionary<string, string> environment, int processId)
    {
        if (!long.TryParse(environment.GetValueOrDefault("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)) return 0;
        bool forUs = !environment.TryGetValue("WATCHDOG_PID", out string? pid) || pid == processId.ToString(CultureInfo.InvariantCulture);
        return forUs && microseconds is > 0 and < long.MaxValue / 1000 ? microseconds * 1000 / 2 : 0;
    }
}

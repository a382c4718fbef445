using System.Net.Sockets;
using System.Text;
using EdgeProxy.Platform;

namespace EdgeProxy.Tests.Process.Platform;

public sealed class SystemdNotifierTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sends_each_state_as_one_datagram(bool isAbstract)
    {
        string directory = Directory.CreateTempSubdirectory("edgeproxy-notify-").FullName;
        string path = isAbstract ? "@" + directory : Path.Combine(directory, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        manager.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + directory : path));
        using var notifier = new SystemdNotifier(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path }, processId: 7);
        Assert.True(notifier.IsActive);

        notifier.Ready("Serving 2 APIs\nREADY=0");
        Assert.Equal("READY=1\nSTATUS=Serving 2 APIs READY=0", Receive(manager));
        notifier.Reloading();
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*$", Receive(manager));
        notifier.Stopping("Draining");
        Assert.Equal("STOPPING=1\nSTATUS=Draining", Receive(manager));
        notifier.Watchdog();
        Assert.Equal("WATCHDOG=1", Receive(manager));
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(null, null, 0L)]
    [InlineData("20000000", null, 10_000_000_000L)]
    [InlineData("20000000", "7", 10_000_000_000L)]
    [InlineData("20000000", "8", 0L)]
    [InlineData("soon", null, 0L)]
    public void Feeds_the_watchdog_twice_as_often_as_it_is_asked_to(string? microseconds, string? pid, long interval)
    {
        Dictionary<string, string> environment = new() { ["NOTIFY_SOCKET"] = "/run/systemd/notify" };
        if (microseconds is not null) environment["WATCHDOG_USEC"] = microseconds;
        if (pid is not null) environment["WATCHDOG_PID"] = pid;
        using var notifier = new SystemdNotifier(environment, processId: 7);
        Assert.Equal(interval, notifier.WatchdogInterval);
    }

    [Theory]
    [InlineData("")]
    [InlineData("relative/path")]
    [InlineData("vsock:2:1234")]
    public void Without_a_usable_socket_it_does_nothing(string path)
    {
        using var notifier = new SystemdNotifier(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path }, processId: 7);
        Assert.False(notifier.IsActive);
        notifier.Ready("x");
    }

    [Fact]
    public void A_path_longer_than_the_kernel_takes_is_no_socket()
    {
        using var notifier = new SystemdNotifier(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = "/" + new string('a', 108) }, processId: 7);
        Assert.False(notifier.IsActive);
    }

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}

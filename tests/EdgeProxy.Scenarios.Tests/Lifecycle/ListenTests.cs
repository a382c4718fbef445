using System.Net;
using System.Net.Sockets;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Lifecycle;

/// <summary>Taking a port: by itself, from systemd, or not at all.</summary>
public sealed class ListenTests
{
    [Fact]
    public async Task A_second_node_refuses_a_port_that_another_one_serves()
    {
        await using Node first = await Node.StartAsync(Api.ProxyTo(1));
        await using Node second = Node.Launch(
            new NodeOptions { Api = Api.ProxyTo(1).ToString(), Listen = $"http://127.0.0.1:{first.DataPort}" }, new Temporary());
        Assert.Equal(1, await second.UntilExitAsync());
        Assert.Contains($"{first.DataPort}", second.LogText, StringComparison.Ordinal);
        for (int i = 0; i < 20; i++) Assert.Equal(200, (await first.GetAsync("/mock")).Status);
    }

    [Fact]
    public async Task Several_listeners_serve_the_same_APIs()
    {
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = Api.ProxyTo(1).ToString(),
            Listen = null,
            Settings = "listeners:\n  - url: http://127.0.0.1:0\n  - url: http://127.0.0.2:0\n",
        });
        await Wait.UntilAsync(() => node.Events("listening").Count == 3, "all three listeners are bound");
        foreach (System.Text.Json.JsonElement line in node.Events("listening").Where(line => line.GetProperty("listener").GetString() != "admin"))
        {
            var url = new Uri(line.GetProperty("url").GetString()!);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port);
            using var wire = new Wire(socket);
            await wire.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.Equal(200, (await wire.ReadResponseAsync()).Status);
        }
    }

    [Fact]
    public async Task A_socket_handed_over_is_served_and_no_connection_made_before_the_start_is_lost()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(128);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        int descriptor = (int)listener.Handle;
        Native.MakeInheritable(descriptor);

        // systemd's protocol (sd_listen_fds): descriptors from 3 on, LISTEN_FDS of them, for the process LISTEN_PID.
        using Wire early = await Wire.ConnectAsync(port);
        await early.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = Api.ProxyTo(1).ToString(),
            Listen = null,
            Launcher =
            [
                "bash", "-c",
                $"[ {descriptor} = 3 ] || exec 3<&{descriptor} {descriptor}<&-; export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=data; exec \"$@\"",
                "launcher",
            ],
        });
        Assert.Equal(port, node.DataPort);
        Assert.Equal(200, (await early.ReadResponseAsync()).Status);
        Assert.Equal(200, (await node.GetAsync("/mock")).Status);
    }

    [Fact]
    public async Task Is_started_by_systemd_at_the_first_connection()
    {
        int port = Ports.Unused();
        await using Node node = Node.Launch(
            new NodeOptions
            {
                Api = Api.ProxyTo(1).ToString(),
                Listen = null,
                Launcher = ["systemd-socket-activate", "-l", $"127.0.0.1:{port}", "--fdname=data"],
            },
            new Temporary());
        await Wait.UntilAsync(() => node.LogText.Contains("Listening on", StringComparison.Ordinal), "the launcher listens");
        using Wire client = await Wire.ConnectAsync(port);
        await client.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Tells_systemd_when_it_is_ready_reloading_and_stopping()
    {
        using var files = new Temporary();
        string path = files.PathOf("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = Api.ProxyTo(1).ToString(),
            Settings = "drain:\n  grace: 10ms\n",
            Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path },
        });
        await ExpectAsync(manager, "READY=1");
        Assert.Equal(200, (await node.GetAsync("/mock")).Status);

        node.Signal(Native.SIGHUP);
        string reloading = await ExpectAsync(manager, "RELOADING=1");
        Assert.Contains("MONOTONIC_USEC=", reloading, StringComparison.Ordinal);
        await ExpectAsync(manager, "READY=1");

        node.Signal(Native.SIGTERM);
        await ExpectAsync(manager, "STOPPING=1");
        Assert.Equal(0, await node.UntilExitAsync());
    }

    /// <summary>Passes over other messages (status texts) until one holds this line.</summary>
    private static async Task<string> ExpectAsync(Socket manager, string line)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int length = await Wait.ForAsync(manager.ReceiveAsync(buffer), $"systemd is told {line}");
            string message = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
            if (message.Split('\n').Contains(line)) return message;
        }
    }
}

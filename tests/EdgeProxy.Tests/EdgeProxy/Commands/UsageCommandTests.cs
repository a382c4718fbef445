using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeProxy.Commands;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class UsageCommandTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public async Task A_plan_that_is_not_there_leaves_standard_output_empty()
    {
        Assert.Equal(ExitStatus.Failed, await AskAsync("HTTP/1.1 404 Not Found\r\n\r\n{\"message\":\"Invalid Usage Plan ID specified\"}"));
        Assert.Equal("", _output.ToString());
        Assert.Equal("The node answered 404: Invalid Usage Plan ID specified\n", _errors.ToString());
    }

    [Fact]
    public async Task Columns_are_named_above_what_was_used()
    {
        Assert.Equal(ExitStatus.Ok, await AskAsync("HTTP/1.1 200 OK\r\n\r\n{\"startDate\":\"2026-11-22\",\"values\":{\"ann\":[[3,7],[0,-1]]}}"));
        Assert.Equal("day         key         used        remaining\n2026-11-22  ann         3           7\n2026-11-23  ann         0           any\n", _output.ToString());
    }

    private async Task<int> AskAsync(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new UsageOptions
        {
            Sources = new SettingSources { WorkingDirectory = "/", Flags = [("admin.url", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "--admin")] },
            Plan = "gold",
            Timeout = 5_000_000_000,
        };
        Task<int> asked = Task.Run(() => UsageCommand.Run(options, TimeProvider.System, _output, _errors));
        using Socket client = await listener.AcceptSocketAsync();
        _ = await client.ReceiveAsync(new byte[1024]);
        await client.SendAsync(Encoding.ASCII.GetBytes(answer));
        client.Shutdown(SocketShutdown.Send);
        return await asked;
    }
}

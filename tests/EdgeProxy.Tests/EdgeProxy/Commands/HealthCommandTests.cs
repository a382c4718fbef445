using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeProxy.Commands;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class HealthCommandTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public async Task A_ready_node_is_status_0()
    {
        Assert.Equal(ExitStatus.Ok, await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"status\":\"ready\"}", OutputForm.Json));
        Assert.Equal("{\"status\":\"ready\"}", _output.ToString().Trim());
    }

    [Fact]
    public async Task A_draining_node_is_status_1_and_says_why()
    {
        Assert.Equal(ExitStatus.Failed, await AskAsync("HTTP/1.1 503 Service Unavailable\r\n\r\n{\"draining\":true}", OutputForm.Text));
        Assert.Contains("draining", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_http_is_status_1()
    {
        Assert.Equal(ExitStatus.Failed, await AskAsync("SSH-2.0-OpenSSH_9.2\r\n", OutputForm.Text));
        Assert.Contains("not HTTP", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_is_not_there_is_status_1()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, but it does not listen
        Assert.Equal(ExitStatus.Failed, Ask(((IPEndPoint)taken.LocalEndPoint!).Port, OutputForm.Text));
        Assert.Contains("No answer from http://127.0.0.1:", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_admin_listener_there_is_nothing_to_ask()
    {
        var sources = new SettingSources { WorkingDirectory = "/", Flags = [("admin.url", "off", "--admin")] };
        Assert.Equal(ExitStatus.Failed, HealthCommand.Run(sources, 1_000_000_000, OutputForm.Text, _output, _errors));
    }

    private async Task<int> AskAsync(string answer, OutputForm form)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> served = ServeAsync(listener, answer);
        int status = await Task.Run(() => Ask(((IPEndPoint)listener.LocalEndpoint).Port, form));
        Assert.StartsWith("GET /readyz HTTP/1.1\r\n", await served, StringComparison.Ordinal);
        return status;
    }

    private static async Task<string> ServeAsync(TcpListener listener, string answer)
    {
        using Socket client = await listener.AcceptSocketAsync();
        byte[] request = new byte[1024];
        int read = await client.ReceiveAsync(request);
        await client.SendAsync(Encoding.ASCII.GetBytes(answer));
        client.Shutdown(SocketShutdown.Send);
        return Encoding.ASCII.GetString(request, 0, read);
    }

    private int Ask(int port, OutputForm form)
    {
        var sources = new SettingSources { WorkingDirectory = "/", Flags = [("admin.url", $"http://127.0.0.1:{port}", "--admin")] };
        return HealthCommand.Run(sources, 5_000_000_000, form, _output, _errors);
    }
}

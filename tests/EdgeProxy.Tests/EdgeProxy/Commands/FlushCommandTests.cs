using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeProxy.Commands;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class FlushCommandTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public async Task Asks_for_every_stage_that_is_named()
    {
        (int status, string[] requests) = await FlushAsync(["prod", "a b"], "HTTP/1.1 200 OK\r\n\r\n{\"stages\":1}");
        Assert.Equal(ExitStatus.Ok, status);
        Assert.Equal(["POST /flush?api=pets%26co&stage=prod HTTP/1.1", "POST /flush?api=pets%26co&stage=a%20b HTTP/1.1"], requests);
        Assert.Equal("pets&co, stage prod: its cache is empty.\npets&co, stage a b: its cache is empty.\n", _output.ToString());
    }

    [Fact]
    public async Task Asks_once_for_all_stages()
    {
        (int status, string[] requests) = await FlushAsync([], "HTTP/1.1 200 OK\r\n\r\n{\"stages\":3}");
        Assert.Equal(ExitStatus.Ok, status);
        Assert.Equal(["POST /flush?api=pets%26co HTTP/1.1"], requests);
        Assert.Equal("pets&co: the caches of 3 stages are empty.\n", _output.ToString());
    }

    [Fact]
    public async Task An_API_that_is_not_there_is_status_1()
    {
        (int status, _) = await FlushAsync([], "HTTP/1.1 404 Not Found\r\n\r\n{\"message\":\"There is no such API.\"}");
        Assert.Equal(ExitStatus.Failed, status);
        Assert.Contains("There is no such API.", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_not_signed_is_told_with_what_to_sign_it()
    {
        (int status, _) = await FlushAsync([], "HTTP/1.1 403 Forbidden\r\n\r\n{\"message\":\"Missing Authentication Token\"}");
        Assert.Equal(ExitStatus.Failed, status);
        Assert.StartsWith("The cache of pets&co was not flushed.\nThe node answered 403: Missing Authentication Token\nIt takes calls that are signed", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_something_else_is_status_1()
    {
        (int status, _) = await FlushAsync([], "HTTP/1.1 200 OK\r\n\r\n<html>");
        Assert.Equal(ExitStatus.Failed, status);
        Assert.Empty(_output.ToString());
    }

    private async Task<(int Status, string[] Requests)> FlushAsync(string[] stages, string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sources = new SettingSources { WorkingDirectory = "/", Flags = [("admin.url", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "--admin")] };
        Task<int> flushed = Task.Run(() => FlushCommand.Run(sources, 5_000_000_000, "pets&co", stages, _output, _errors));
        var requests = new List<string>();
        for (int i = 0; i < Math.Max(1, stages.Length); i++)
        {
            using Socket client = await listener.AcceptSocketAsync();
            byte[] request = new byte[1024];
            int read = await client.ReceiveAsync(request);
            requests.Add(Encoding.ASCII.GetString(request, 0, read).Split("\r\n")[0]);
            await client.SendAsync(Encoding.ASCII.GetBytes(answer));
            client.Shutdown(SocketShutdown.Send);
        }

        return (await flushed, [.. requests]);
    }
}

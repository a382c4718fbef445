using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Commands;

/// <summary>What a command that asks a node is tried on: a stand-in for the node's admin listener, which answers in turn what it is given, a folder, and what the command writes.</summary>
internal sealed class AnsweringNode : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public AnsweringNode() => _listener.Start();

    public Workspace Work { get; } = new();

    public StringWriter Output { get; } = new();

    public StringWriter Errors { get; } = new();

    /// <summary>Settings that lead here.</summary>
    public SettingSources Sources => new() { WorkingDirectory = "/", Flags = [("admin.url", $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", "--admin")] };

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The command.</param>
    /// <param name="answers">Status and body, one for each request.</param>
    /// <returns>What the command returned, and the requests.</returns>
    public async Task<(int Exit, List<string> Requests)> RunAsync(Func<int> command, params (int Status, string Body)[] answers)
    {
        Task<int> running = Task.Run(command);
        var requests = new List<string>();
        foreach ((int status, string body) in answers)
        {
            using Socket client = await _listener.AcceptSocketAsync();
            requests.Add(await ReadAsync(client));
            await client.SendAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\nConnection: close\r\n\r\n{body}"));
            client.Shutdown(SocketShutdown.Send);
        }

        return (await running, requests);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Work.Dispose();
    }

    private static async Task<string> ReadAsync(Socket client)
    {
        var text = new StringBuilder();
        byte[] piece = new byte[8192];
        while (true)
        {
            int read = await client.ReceiveAsync(piece);
            text.Append(Encoding.UTF8.GetString(piece, 0, read));
            string so = text.ToString();
            int end = so.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0) return so;
            if (end < 0) continue;
            int at = so.IndexOf("Content-Length: ", StringComparison.Ordinal);
            int length = at < 0 ? 0 : int.Parse(so[(at + 16)..so.IndexOf("\r\n", at, StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            if (so.Length >= end + 4 + length) return so;
        }
    }
}

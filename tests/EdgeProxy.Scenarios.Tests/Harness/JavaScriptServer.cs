using System.Diagnostics;
using System.Globalization;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>A server that is not ours: a program for Node.js that prints the port it listens on.</summary>
internal sealed class JavaScriptServer : IAsyncDisposable
{
    private readonly Process _process;

    private JavaScriptServer(Process process) => _process = process;

    public int Port { get; private set; }

    /// <summary>Starts one and returns when it listens.</summary>
    public static async Task<JavaScriptServer> StartAsync(string script, params string[] arguments)
    {
        var server = new JavaScriptServer(Process.Start(new ProcessStartInfo("node", [script, .. arguments]) { RedirectStandardOutput = true })!);
        try
        {
            string? line = await Wait.ForAsync(server._process.StandardOutput.ReadLineAsync(), $"{script} listens");
            server.Port = int.Parse(line!, CultureInfo.InvariantCulture);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

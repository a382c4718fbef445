using System.CommandLine;
using System.Net;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Backend;

/// <summary><c>edgeproxy-load backend</c>: the server behind the proxy in benchmarks, examples and scenarios.</summary>
internal static class BackendCommand
{
    public static Command Create()
    {
        Option<int> port = new("--port", "-p") { Description = "port to listen on; 0 for any, printed on the first line", DefaultValueFactory = _ => 0 };
        Option<string> address = new("--address") { Description = "address to listen on", DefaultValueFactory = _ => "127.0.0.1" };
        Option<int> size = new("--size") { Description = "bytes that /bytes answers when the path names none", DefaultValueFactory = _ => 1024 };
        address.Validators.Add(result =>
        {
            if (!IPAddress.TryParse(result.GetValueOrDefault<string>(), out _)) result.AddError("--address must be an IP address");
        });

        Command command = new("backend", "serve /bytes/N, /fresh/N (cacheable), /chunked/N, /delay/MS, /status/NNN, /cut/N, /upload, /echo, /order, /pets, /served (how many requests) and /")
        {
            port, address, size,
        };
        command.SetAction(arguments =>
        {
            using CancellationTokenSource stop = new();
            using IDisposable signals = Signals.Cancel(stop);
            _ = TcpSocket.RaiseFileLimit();
            using BackendServer server = new(IPAddress.Parse(arguments.GetValue(address)!), arguments.GetValue(port), arguments.GetValue(size));
            Console.Out.WriteLine(server.Port);
            Console.Out.Flush();
            server.Run(stop.Token);
            return 0;
        });
        return command;
    }
}

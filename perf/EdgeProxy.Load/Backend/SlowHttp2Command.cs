using System.CommandLine;
using System.Net;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Backend;

/// <summary><c>edgeproxy-load slow-h2c</c>: a backend that keeps many requests waiting.</summary>
internal static class SlowHttp2Command
{
    public static Command Create()
    {
        Option<int> port = new("--port", "-p") { Description = "port to listen on; 0 for any, printed on the first line", DefaultValueFactory = _ => 0 };
        Option<int> delay = new("--delay") { Description = "milliseconds before each answer", DefaultValueFactory = _ => 10_000 };
        Command command = new("slow-h2c", "serve HTTP/2 in plain text, every answer late; prints each second how many were answered and waited at most") { port, delay };
        command.SetAction(arguments =>
        {
            using CancellationTokenSource stop = new();
            using IDisposable signals = Signals.Cancel(stop);
            _ = TcpSocket.RaiseFileLimit();
            using SlowHttp2Server server = new(IPAddress.Loopback, arguments.GetValue(port), TimeSpan.FromMilliseconds(Math.Clamp(arguments.GetValue(delay), 0, 600_000)));
            Console.Out.WriteLine(server.Port);
            Console.Out.Flush();
            Task serving = server.RunAsync(stop.Token);
            while (!stop.Token.WaitHandle.WaitOne(1000))
            {
                Console.Out.WriteLine(server.Report);
                Console.Out.Flush();
            }

            serving.GetAwaiter().GetResult();
            return 0;
        });
        return command;
    }
}

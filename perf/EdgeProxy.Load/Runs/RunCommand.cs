using System.CommandLine;
using System.Net;
using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Messages;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Runs;

/// <summary><c>edgeproxy-load run URL</c>: puts load on a server and reports what came back.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan LongestByCount = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        Argument<Uri> url = new("url")
        {
            Description = "where to send requests: http://HOST:PORT/PATH",
            CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? parsed) && parsed.Scheme == "http"
                ? parsed
                : Refuse<Uri>(result, "the URL must be absolute and http"),
        };
        Option<int> connections = new("--connections", "-c") { Description = "connections in all", DefaultValueFactory = _ => 16 };
        Option<long?> requests = new("--requests", "-n") { Description = "end after this many requests" };
        Option<double?> seconds = new("--duration", "-d") { Description = "end after this many seconds (10, or 600 with -n)" };
        Option<double> rate = new("--rate") { Description = "open loop: requests a second at constant intervals, latency from the intended start" };
        Option<string> method = new("--method", "-X") { Description = "request method", DefaultValueFactory = _ => "GET" };
        Option<string[]> fields = new("--header", "-H") { Description = "header field, 'Name: value'" };
        Option<FileInfo?> body = new("--body") { Description = "file to send as the body" };
        Option<int> bodySize = new("--body-size") { Description = "bytes of made-up body" };
        Option<int> pipeline = new("--pipeline") { Description = "requests in flight on a connection", DefaultValueFactory = _ => 1 };
        Option<int> threads = new("--threads") { Description = "loops, each on a thread", DefaultValueFactory = _ => 1 };
        Option<int> idle = new("--idle") { Description = "only open this many connections, make one request on each, print 'held N', and hold them" };
        Option<double> timeout = new("--timeout") { Description = "seconds that one answer may take", DefaultValueFactory = _ => 10 };
        Option<string> output = new("--output") { Description = "text or json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");

        foreach (Option<int> count in new[] { connections, pipeline, threads })
        {
            count.Validators.Add(result => { if (result.GetValueOrDefault<int>() is < 1 or > 100_000) result.AddError($"{count.Name} must be between 1 and 100000"); });
        }

        Command command = new("run", "put load on a server and report what came back")
        {
            url, connections, requests, seconds, rate, method, fields, body, bodySize, pipeline, threads, idle, timeout, output,
        };
        command.SetAction(arguments =>
        {
            Uri target = arguments.GetValue(url)!;
            byte[] content = arguments.GetValue(body) is { } file
                ? File.ReadAllBytes(file.FullName)
                : MadeUp(arguments.GetValue(bodySize));
            string verb = arguments.GetValue(method)!;
            long? count = arguments.GetValue(requests);
            LoadPlan plan = new()
            {
                Address = AddressBytes.Encode(Resolve(target), target.Port),
                Request = RequestBytes.Write(verb, target, arguments.GetValue(fields) ?? [], content),
                BodyRule = verb == "HEAD" ? BodyRule.Never : BodyRule.ByHead,
                Connections = Math.Max(arguments.GetValue(connections), arguments.GetValue(threads)),
                Pipeline = arguments.GetValue(pipeline),
                Requests = count ?? long.MaxValue,
                Duration = Nanoseconds(arguments.GetValue(seconds) ?? (count is null ? 10 : LongestByCount.TotalSeconds)),
                Rate = arguments.GetValue(rate),
                TimeOut = Nanoseconds(arguments.GetValue(timeout)),
                Threads = arguments.GetValue(threads),
            };
            _ = TcpSocket.RaiseFileLimit();
            return arguments.GetValue(idle) is > 0 and int held
                ? Hold(plan with { Connections = held })
                : Report(LoadRun.Run(plan), arguments.GetValue(output)!);
        });
        return command;
    }

    private static int Report(LoadResult result, string form)
    {
        Console.Out.Write(form == "json" ? RunReport.Json(result) + "\n" : RunReport.Text(result));
        return result.Completed > 0 && result.Errors.Total == 0 ? 0 : 1;
    }

    private static int Hold(LoadPlan plan)
    {
        using CancellationTokenSource stop = new();
        using IDisposable signals = Signals.Cancel(stop);
        using IdleHold hold = new(plan);
        hold.Open();
        Console.Out.WriteLine($"held {hold.Held}");
        Console.Out.Flush();
        hold.Hold(TimeSpan.FromMicroseconds(plan.Duration / 1000), stop.Token);
        Console.Out.WriteLine($"lost {hold.Lost}");
        return hold.Lost == 0 ? 0 : 1;
    }

    private static IPAddress Resolve(Uri url) =>
        IPAddress.TryParse(url.DnsSafeHost, out IPAddress? address) ? address : Dns.GetHostAddresses(url.DnsSafeHost)[0];

    private static byte[] MadeUp(int size)
    {
        byte[] bytes = new byte[Math.Max(0, size)];
        bytes.AsSpan().Fill((byte)'x');
        return bytes;
    }

    private static long Nanoseconds(double seconds) => (long)(Math.Clamp(seconds, 0.001, 86_400) * 1e9);

    private static T? Refuse<T>(System.CommandLine.Parsing.ArgumentResult result, string why)
    {
        result.AddError(why);
        return default;
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>An HTTP backend over raw sockets that does exactly what its script says, also what no server should.</summary>
internal sealed class RawUpstream : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Wire, bool> _open = new();
    private readonly Func<Wire, Task> _script;
    private int _accepted;

    private RawUpstream(Func<Wire, Task> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that the other side has not closed yet.</summary>
    public int Open => _open.Count;

    /// <summary>What was asked for, by those scripts that read whole requests.</summary>
    public ConcurrentQueue<Answer> Requests { get; } = new();

    /// <summary>Runs the script once for each connection and closes it after.</summary>
    public static RawUpstream Start(Func<Wire, Task> script) => new(script);

    /// <summary>Reads each request whole and writes what is returned for it, as long as the connection lasts.</summary>
    public static RawUpstream Answering(Func<Answer, string> answer)
    {
        RawUpstream? self = null;
        self = new RawUpstream(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is { } request)
            {
                self!.Requests.Enqueue(request);
                await wire.SendAsync(answer(request));
            }
        });
        return self;
    }

    /// <summary>Answers 200 with the request written out as text: start line, headers, an empty line, the body.</summary>
    public static RawUpstream Echo() => Answering(request =>
    {
        string text = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(request.ToString()));
        return Response(200, request.StartLine.StartsWith("HEAD ", StringComparison.Ordinal) ? "" : text);
    });

    /// <summary>Answers <c>helloworld</c> once a connection: half of it at once, and the rest when <paramref name="goesOn"/> says so.</summary>
    public static RawUpstream Halting(Task goesOn) => Start(async wire =>
    {
        await wire.ReadRequestOrNullAsync();
        await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        await goesOn;
        await wire.SendAsync("world");
    });

    /// <summary>A response whose body is <paramref name="text"/>, one byte a character.</summary>
    public static string Response(int status, string text) =>
        $"HTTP/1.1 {status} Fine\r\nContent-Type: text/plain\r\nContent-Length: {text.Length}\r\n\r\n{text}";

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Wire wire in _open.Keys) wire.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                Interlocked.Increment(ref _accepted);
                socket.NoDelay = true;
                _ = RunAsync(new Wire(socket));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed: the scenario is over.
        }
    }

    private async Task RunAsync(Wire wire)
    {
        _open[wire] = true;
        try
        {
            await _script(wire);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException or TimeoutException)
        {
            // The gateway hung up, or the scenario is over; what the client saw is what the scenario judges.
        }
        finally
        {
            _open.TryRemove(wire, out _);
            wire.Dispose();
        }
    }
}

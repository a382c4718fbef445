using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>The origin behind the proxies: answers the first request of each connection as it reads it strictly, and keeps every byte that came.</summary>
/// <remarks>
/// It announces that it closes and then does not, so that whatever a proxy still has to say on the connection is said and kept. One
/// port a proxy tells who sent what.
/// </remarks>
internal sealed class RecordingOrigin : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<byte[]> _recorded = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private int _accepted;
    private int _ended;

    public RecordingOrigin()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(256);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>What came on each connection since the last call, once all of them have ended.</summary>
    public async Task<IReadOnlyList<byte[]>> TakeAsync()
    {
        await Wait.UntilAsync(() => Volatile.Read(ref _accepted) == Volatile.Read(ref _ended), "the proxy closes its connections to the origin");
        var all = new List<byte[]>();
        while (_recorded.TryDequeue(out byte[]? bytes))
        {
            if (bytes.Length > 0) all.Add(bytes);
        }

        return all;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Socket socket in _open.Keys) socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                Interlocked.Increment(ref _accepted);
                _open[socket] = true;
                _ = RecordAsync(socket);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    private async Task RecordAsync(Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        bool answered = false;
        try
        {
            while (true)
            {
                int count = await socket.ReceiveAsync(buffer);
                if (count == 0) break;
                all.Write(buffer, 0, count);
                if (answered) continue;
                Reading reading = OriginReader.Strict.Read(all.GetBuffer().AsSpan(0, (int)all.Length));
                if (reading.Requests.Count == 0 && reading.Rest != Leftover.Broken) continue;
                answered = true;
                await socket.SendAsync(Encoding.Latin1.GetBytes(Answer(reading)));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Reset by the proxy: what came before counts all the same.
        }

        _recorded.Enqueue(all.ToArray());
        _open.TryRemove(socket, out _);
        socket.Dispose();
        Interlocked.Increment(ref _ended);
    }

    private static string Answer(Reading reading)
    {
        if (reading.Requests.Count == 0) return "HTTP/1.1 400 Unreadable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        string body = reading.Requests[0].Method == "HEAD" ? "" : "ok";
        return $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{body}";
    }
}

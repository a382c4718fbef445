using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>One TCP connection, written and read byte for byte, so that a scenario can be as rude as a real client or upstream.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    private readonly Socket _socket = socket;
    private byte[] _received = new byte[64 * 1024];
    private int _start;
    private int _end;

    public static async Task<Wire> ConnectAsync(int port, IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null) socket.Bind(new IPEndPoint(from, 0));
        await Wait.ForAsync(socket.ConnectAsync(IPAddress.Loopback, port), $"connects to port {port}");
        return new Wire(socket);
    }

    public Socket Socket => _socket;

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int sent = await Wait.ForAsync(_socket.SendAsync(bytes).AsTask(), "the other side reads what is sent");
            bytes = bytes[sent..];
        }
    }

    /// <summary>Ends our direction and keeps reading.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes so that the other side meets a reset and not an end.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Reads a response to a request whose method was not HEAD, passing over none of the interim ones.</summary>
    public Task<Answer> ReadResponseAsync() => ReadResponseAsync(withoutBody: false);

    /// <summary>Reads a response to HEAD: what its framing announces does not follow.</summary>
    public Task<Answer> ReadResponseToHeadAsync() => ReadResponseAsync(withoutBody: true);

    /// <summary>Reads a whole request, or null when the other side closed before one began.</summary>
    public async Task<Answer?> ReadRequestOrNullAsync()
    {
        if (await ReadHeadOrNullAsync() is not { } head) return null;
        return head with { Body = await ReadBodyAsync(head, untilClosed: false) };
    }

    /// <summary>Reads a request's or response's head, or null when the other side closed before one began.</summary>
    public async Task<Answer?> ReadHeadOrNullAsync()
    {
        int end;
        int scanned = _start;
        while ((end = _received.AsSpan(scanned, _end - scanned).IndexOf("\r\n\r\n"u8)) < 0)
        {
            scanned = Math.Max(_start, _end - 3);
            int consumed = _start;
            if (!await FillAsync())
            {
                return _start == _end ? null : throw new EndOfStreamException($"Closed within a head: {Encoding.Latin1.GetString(_received, _start, _end - _start)}");
            }

            scanned -= consumed - _start;
        }

        string[] lines = Encoding.Latin1.GetString(_received, _start, scanned + end - _start).Split("\r\n");
        _start = scanned + end + 4;
        var headers = new List<(string, string)>();
        foreach (string line in lines[1..])
        {
            int colon = line.IndexOf(':');
            headers.Add((line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return new Answer(lines[0], headers, []);
    }

    /// <summary>Reads what comes until the other side closes; a reset counts as the end and is told apart by <paramref name="reset"/>.</summary>
    public async Task<byte[]> ReadToEndAsync(Action? reset = null)
    {
        using var all = new MemoryStream();
        try
        {
            do
            {
                all.Write(_received, _start, _end - _start);
                _start = _end = 0;
            }
            while (await FillAsync());
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            reset?.Invoke();
        }

        return all.ToArray();
    }

    /// <summary>Fails unless the other side closes, or has reset, without another byte.</summary>
    public async Task ExpectClosedAsync() => Assert.Equal("", Encoding.Latin1.GetString(await ReadToEndAsync()));

    /// <summary>Reads up to <paramref name="into"/>'s length; 0 is the end.</summary>
    public async Task<int> ReadSomeAsync(Memory<byte> into)
    {
        if (_start == _end) return await Wait.ForAsync(_socket.ReceiveAsync(into).AsTask(), "the other side sends or closes");
        int count = Math.Min(into.Length, _end - _start);
        _received.AsMemory(_start, count).CopyTo(into);
        _start += count;
        return count;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<Answer> ReadResponseAsync(bool withoutBody)
    {
        Answer head = await ReadHeadOrNullAsync() ?? throw new EndOfStreamException("Closed where a response was expected.");
        if (withoutBody || head.Status is (>= 100 and < 200) or 204 or 304) return head;
        return head with { Body = await ReadBodyAsync(head, untilClosed: true) };
    }

    private async Task<byte[]> ReadBodyAsync(Answer head, bool untilClosed)
    {
        if (head["Transfer-Encoding"] is { } coding)
        {
            Assert.Equal("chunked", coding, ignoreCase: true);
            Assert.Null(head["Content-Length"]);
            return await ReadChunksAsync();
        }

        if (head["Content-Length"] is { } length) return await ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture));
        return untilClosed ? await ReadToEndAsync() : [];
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        using var body = new MemoryStream();
        while (true)
        {
            string size = await ReadLineAsync();
            int length = int.Parse(size.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (length == 0) break;
            body.Write(await ReadExactlyAsync(length));
            Assert.Equal("", await ReadLineAsync());
        }

        while (await ReadLineAsync() != "")
        {
            // Trailers are of no interest to any scenario.
        }

        return body.ToArray();
    }

    private async Task<string> ReadLineAsync()
    {
        int end;
        while ((end = _received.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            if (!await FillAsync()) throw new EndOfStreamException("Closed within a chunked body.");
        }

        string line = Encoding.Latin1.GetString(_received, _start, end);
        _start += end + 2;
        return line;
    }

    private async Task<byte[]> ReadExactlyAsync(int length)
    {
        byte[] body = new byte[length];
        int filled = 0;
        while (filled < length)
        {
            int read = await ReadSomeAsync(body.AsMemory(filled));
            if (read == 0) throw new EndOfStreamException($"Closed after {filled} of {length} bytes of the body.");
            filled += read;
        }

        return body;
    }

    private async Task<bool> FillAsync()
    {
        if (_start > 0)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            _end -= _start;
            _start = 0;
        }

        if (_end == _received.Length) Array.Resize(ref _received, _received.Length * 2);
        int read = await Wait.ForAsync(_socket.ReceiveAsync(_received.AsMemory(_end)).AsTask(), "the other side sends or closes");
        _end += read;
        return read > 0;
    }
}

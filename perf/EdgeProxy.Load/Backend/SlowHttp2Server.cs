using System.Net;
using System.Net.Sockets;
using EdgeProxy.Load.Runs;

namespace EdgeProxy.Load.Backend;

/// <summary>A server of HTTP/2 in plain text that answers every request with a few bytes, but late, and counts how many wait.</summary>
/// <remarks>It reads no field: whatever is asked, the answer is the same. 1,000 streams may wait on a connection.</remarks>
internal sealed class SlowHttp2Server : IDisposable
{
    private const int MostStreams = 1000;
    private static readonly byte[] Greeting = [0, 0, 6, Http2Frames.Settings, 0, 0, 0, 0, 0, 0, 3, 0, 0, MostStreams >> 8, MostStreams & 0xFF];

    // :status 200 and content-length 2, both without a table entry of its own.
    private static readonly byte[] Head = [0x88, 0x0F, 0x0D, 0x01, (byte)'2'];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TimeSpan _delay;
    private int _waiting;
    private int _mostWaiting;
    private long _answered;
    private int _connections;

    public SlowHttp2Server(IPAddress address, int port, TimeSpan delay)
    {
        _delay = delay;
        _listener.Bind(new IPEndPoint(address, port));
        _listener.Listen(4096);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>What was seen so far, as one line.</summary>
    public string Report => $"answered {Volatile.Read(ref _answered)} connections {Volatile.Read(ref _connections)} mostWaiting {Volatile.Read(ref _mostWaiting)}";

    /// <summary>Serves until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            client.NoDelay = true;
            Interlocked.Increment(ref _connections);
            _ = ServeAsync(client, stop);
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        using Socket owned = client;
        using SemaphoreSlim sending = new(1);
        Queue<(long Due, int Stream)> waiting = new();
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task answers = AnswerAsync(client, sending, waiting, ended.Token);
        try
        {
            await SendAsync(client, sending, Greeting, stop);
            await ReadAsync(client, sending, waiting, stop);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The client has gone.
        }

        await ended.CancelAsync();
        await answers;
    }

    private async Task ReadAsync(Socket client, SemaphoreSlim sending, Queue<(long Due, int Stream)> waiting, CancellationToken stop)
    {
        byte[] received = new byte[64 * 1024];
        int length = 0;
        bool greeted = false;
        while (true)
        {
            int more = await client.ReceiveAsync(received.AsMemory(length), stop);
            if (more == 0) return;
            length += more;
            int at = 0;
            if (!greeted)
            {
                if (length < Http2Frames.Preface.Length) continue;
                if (!received.AsSpan().StartsWith(Http2Frames.Preface)) return;
                greeted = true;
                at = Http2Frames.Preface.Length;
            }

            while (Http2Frames.TryRead(received.AsSpan(at, length - at), out Http2Frames.Frame frame))
            {
                bool acknowledges = (frame.Flags & Http2Frames.Ack) != 0;
                if (frame.Type == Http2Frames.Settings && !acknowledges) await SendAsync(client, sending, Http2Frames.SettingsAck, stop);
                if (frame.Type == Http2Frames.Ping && !acknowledges) await SendAsync(client, sending, Pong(received.AsSpan(at + Http2Frames.HeaderSize, frame.Length)), stop);
                bool asks = frame.Type is Http2Frames.Headers or Http2Frames.Data && (frame.Flags & Http2Frames.EndStream) != 0;
                if (asks)
                {
                    lock (waiting) waiting.Enqueue((Environment.TickCount64 + (long)_delay.TotalMilliseconds, frame.Stream));
                    int now = Interlocked.Increment(ref _waiting);
                    int most = Volatile.Read(ref _mostWaiting);
                    while (now > most && Interlocked.CompareExchange(ref _mostWaiting, now, most) != most) most = Volatile.Read(ref _mostWaiting);
                }

                at += Http2Frames.HeaderSize + frame.Length;
            }

            received.AsSpan(at, length - at).CopyTo(received);
            length -= at;
        }
    }

    private async Task AnswerAsync(Socket client, SemaphoreSlim sending, Queue<(long Due, int Stream)> waiting, CancellationToken ended)
    {
        byte[] room = new byte[64 * 1024];
        int open = 0;
        try
        {
            while (true)
            {
                await Task.Delay(20, ended);
                int length = 0;
                lock (waiting)
                {
                    while (length < room.Length - 64 && waiting.TryPeek(out (long Due, int Stream) next) && next.Due <= Environment.TickCount64)
                    {
                        waiting.Dequeue();
                        length += Http2Frames.Write(room.AsSpan(length), Http2Frames.Headers, Http2Frames.EndHeaders, next.Stream, Head);
                        length += Http2Frames.Write(room.AsSpan(length), Http2Frames.Data, Http2Frames.EndStream, next.Stream, "ok"u8);
                        open++;
                    }
                }

                if (length > 0) await SendAsync(client, sending, room.AsMemory(0, length), ended);
                Interlocked.Add(ref _waiting, -open);
                Interlocked.Add(ref _answered, open);
                open = 0;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            lock (waiting) Interlocked.Add(ref _waiting, -open - waiting.Count);
        }
    }

    private static async Task SendAsync(Socket client, SemaphoreSlim sending, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        await sending.WaitAsync(stop);
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[await client.SendAsync(bytes, stop)..];
        }
        finally
        {
            sending.Release();
        }
    }

    private static byte[] Pong(ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Http2Frames.HeaderSize + payload.Length];
        Http2Frames.Write(frame, Http2Frames.Ping, Http2Frames.Ack, 0, payload);
        return frame;
    }
}

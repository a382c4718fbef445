using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using EdgeProxy.Load.Messages;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Backend;

/// <summary>A cheap HTTP/1.1 server on one thread: epoll, edge-triggered, one send for one small answer.</summary>
internal sealed class BackendServer : IDisposable
{
    private const int ListenerSlot = -1;
    private const int ReceiveBytes = 128 * 1024;
    private const int MaximumHeadBytes = 64 * 1024;
    private const int MaximumKept = 1024 * 1024;
    private const int ChunkBytes = 16 * 1024;
    private const long MostPerTurn = 1024 * 1024;

    private readonly Answers _answers;
    private readonly Poller _poller = new();
    private readonly int _listener;
    private readonly List<ServerConnection> _connections = [];
    private readonly Stack<int> _unused = new();
    private readonly PriorityQueue<(int Slot, uint Generation), long> _delayed = new();
    private readonly Queue<(int Slot, uint Generation)> _again = new();
    private readonly byte[] _receive = GC.AllocateUninitializedArray<byte>(ReceiveBytes, pinned: true);

    /// <summary>Listens; connections are served once <see cref="Run"/> is called.</summary>
    public BackendServer(IPAddress address, int port, int defaultSize)
    {
        _answers = new Answers(defaultSize);
        _listener = TcpSocket.Listen(address, port, out int bound);
        Port = bound;
        _poller.Add(_listener, Libc.EpollIn, ListenerSlot, 0);
    }

    /// <summary>The port that was bound.</summary>
    public int Port { get; }

    /// <summary>Serves until stopped.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int events = _poller.Wait(_again.Count > 0 ? 0 : TimeToWait());
            for (int index = 0; index < events; index++)
            {
                uint happened = _poller.EventAt(index, out int slot, out uint generation);
                if (slot == ListenerSlot) AcceptAll();
                else if (_connections[slot].Generation == generation) Handle(slot, happened);
            }

            // Those that had their share of a turn and have more to do.
            for (int left = _again.Count; left > 0; left--)
            {
                (int slot, uint generation) = _again.Dequeue();
                if (_connections[slot].Generation == generation) Drive(slot);
            }

            ReleaseDelayed();
        }
    }

    public void Dispose()
    {
        foreach (ServerConnection connection in _connections)
        {
            if (connection.Descriptor >= 0) TcpSocket.Close(connection.Descriptor);
        }

        TcpSocket.Close(_listener);
        _poller.Dispose();
    }

    private long TimeToWait()
    {
        const long Longest = 100_000_000; // so that a stop is noticed
        return _delayed.TryPeek(out _, out long due) ? Math.Clamp(due - Stopwatch.GetTimestamp(), 0, Longest) : Longest;
    }

    private void ReleaseDelayed()
    {
        while (_delayed.TryPeek(out (int Slot, uint Generation) waiting, out long due) && due <= Stopwatch.GetTimestamp())
        {
            _delayed.Dequeue();
            ServerConnection connection = _connections[waiting.Slot];
            if (connection.Generation != waiting.Generation) continue;
            connection.Delayed = false;
            Drive(waiting.Slot);
        }
    }

    private void AcceptAll()
    {
        while (true)
        {
            int descriptor = TcpSocket.Accept(_listener);
            if (descriptor < 0) return; // nobody waits, or no descriptor is left: level-triggered, so it is tried again

            if (!_unused.TryPop(out int slot))
            {
                slot = _connections.Count;
                _connections.Add(new ServerConnection());
            }

            ServerConnection connection = _connections[slot];
            connection.Descriptor = descriptor;
            _poller.Add(
                descriptor,
                Libc.EpollIn | Libc.EpollOut | Libc.EpollPeerClosed | Libc.EpollEdgeTriggered,
                slot,
                connection.Generation);
        }
    }

    private void Close(int slot)
    {
        ServerConnection connection = _connections[slot];
        TcpSocket.Close(connection.Descriptor);
        connection.Clear();
        connection.Generation++;
        _unused.Push(slot);
    }

    private void Handle(int slot, uint happened)
    {
        if ((happened & ~Libc.EpollOut) != 0) _connections[slot].Readable = true;
        if ((happened & (Libc.EpollPeerClosed | Libc.EpollError | Libc.EpollHangUp)) != 0) _connections[slot].Ended = true;
        Drive(slot);
    }

    /// <summary>Sends and reads for as long as both go on, within a turn's share.</summary>
    private void Drive(int slot)
    {
        ServerConnection connection = _connections[slot];
        long done = 0;
        while (true)
        {
            if (connection.Busy)
            {
                if (connection.Delayed) return;
                Progress progress = Send(connection, ref done);
                if (progress == Progress.Blocked) return;
                if (progress == Progress.Failed || (!connection.Busy && connection.CloseAfter))
                {
                    Close(slot);
                    return;
                }
            }
            else if (connection.WaitingLength > 0 && TakeWaiting(slot))
            {
                continue;
            }
            else if (!connection.Readable)
            {
                return;
            }
            else if (!Receive(slot, ref done))
            {
                return;
            }

            if (done > MostPerTurn)
            {
                _again.Enqueue((slot, connection.Generation));
                return;
            }
        }
    }

    /// <summary>False when the connection was closed.</summary>
    private bool Receive(int slot, ref long done)
    {
        ServerConnection connection = _connections[slot];
        int received = TcpSocket.Receive(connection.Descriptor, _receive);
        if (received <= 0)
        {
            int error = received == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error == Libc.Interrupted) return true;
            connection.Readable = false;
            if (error == Libc.WouldBlock) return true;
            Close(slot);
            return false;
        }

        done += received;
        if (received < _receive.Length && !connection.Ended) connection.Readable = false;

        ReadOnlySpan<byte> bytes = _receive.AsSpan(0, received);
        if (connection.WaitingLength > 0)
        {
            connection.Wait(bytes);
            return TakeWaiting(slot) || _connections[slot].Descriptor >= 0;
        }

        connection.Wait(Understand(slot, bytes));
        return true;
    }

    /// <summary>Reads on in the bytes that waited; false when they are not enough for anything.</summary>
    private bool TakeWaiting(int slot)
    {
        ServerConnection connection = _connections[slot];
        byte[] waiting = connection.Waiting;
        int length = connection.WaitingLength;
        connection.Waiting = [];
        connection.WaitingLength = 0;
        ReadOnlySpan<byte> rest = Understand(slot, waiting.AsSpan(0, length));
        bool moved = rest.Length < length;
        connection.Waiting = waiting;
        rest.CopyTo(waiting);
        connection.WaitingLength = rest.Length;
        return moved;
    }

    /// <summary>Takes requests until one has to be waited for, and returns the bytes that are left.</summary>
    private ReadOnlySpan<byte> Understand(int slot, ReadOnlySpan<byte> bytes)
    {
        ServerConnection connection = _connections[slot];
        while (!bytes.IsEmpty && !connection.Busy && !connection.CloseAfter)
        {
            if (connection.Head is not null)
            {
                if (!ReadBody(slot, ref bytes)) return bytes;
                continue;
            }

            int end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                if (bytes.Length > MaximumHeadBytes) Begin(slot, Answers.BadRequest(), keepAlive: false);
                return bytes;
            }

            ReadOnlySpan<byte> head = bytes[..(end + 2)];
            bytes = bytes[(end + 4)..];
            if (!RequestView.TryRead(head, out RequestView request)) Begin(slot, Answers.BadRequest(), keepAlive: false);
            else if (request.Fields.Chunked || request.Fields.ContentLength > 0) BeginBody(connection, head, request);
            else Begin(slot, _answers.To(request, 0, default), request.KeepAlive);
        }

        return connection.CloseAfter ? default : bytes;
    }

    private static void BeginBody(ServerConnection connection, ReadOnlySpan<byte> head, in RequestView request)
    {
        connection.Head = head.ToArray();
        connection.Chunks = default;
        connection.BodyLeft = request.Fields.ContentLength;
        connection.BodyRead = 0;
        connection.Kept = Answers.ShowsBody(request.Path) ? new MemoryStream() : null;
        if (request.Fields.ExpectsContinue) _ = TcpSocket.Send(connection.Descriptor, "HTTP/1.1 100 Continue\r\n\r\n"u8);
    }

    /// <summary>Takes bytes of the body; false when it is malformed.</summary>
    private bool ReadBody(int slot, ref ReadOnlySpan<byte> bytes)
    {
        ServerConnection connection = _connections[slot];
        ReadOnlySpan<byte> content;
        bool whole;
        if (connection.BodyLeft >= 0)
        {
            content = bytes[..(int)Math.Min(connection.BodyLeft, bytes.Length)];
            bytes = bytes[content.Length..];
            connection.BodyLeft -= content.Length;
            whole = connection.BodyLeft == 0;
        }
        else
        {
            ReadStep step = connection.Chunks.Read(bytes, out int consumed, out content);
            bytes = bytes[consumed..];
            if (step == ReadStep.Malformed)
            {
                Begin(slot, Answers.BadRequest(), keepAlive: false);
                return false;
            }

            whole = step == ReadStep.Complete;
        }

        connection.BodyRead += content.Length;
        if (connection.Kept is { Length: < MaximumKept } kept) kept.Write(content);
        if (!whole) return true;

        _ = RequestView.TryRead(connection.Head, out RequestView request);
        byte[] shown = connection.Kept?.ToArray() ?? [];
        connection.Head = null;
        connection.Kept = null;
        Begin(slot, _answers.To(request, connection.BodyRead, shown), request.KeepAlive);
        return true;
    }

    /// <summary>Makes an answer the present one and tries to send it at once.</summary>
    private void Begin(int slot, in Answer answer, bool keepAlive)
    {
        ServerConnection connection = _connections[slot];
        connection.CloseAfter = !keepAlive || answer.Close || answer.CutAfter is not null;
        connection.Output = connection.CloseAfter && answer.CutAfter is null ? WithClose(answer.Ready) : answer.Ready;
        connection.OutputAt = 0;
        connection.OutputEnd = connection.Output.Length;
        connection.StreamLeft = answer.Stream;
        connection.StreamChunked = answer.StreamChunked;
        if (answer.CutAfter is long cut)
        {
            if (answer.Stream > 0) connection.StreamLeft = cut;
            else connection.OutputEnd = (int)(connection.Output.Length - cut);
        }

        if (answer.Delay > TimeSpan.Zero)
        {
            connection.Delayed = true;
            _delayed.Enqueue((slot, connection.Generation), Stopwatch.GetTimestamp() + (long)answer.Delay.TotalNanoseconds);
            return;
        }

        long unused = 0;
        if (!connection.CloseAfter) Send(connection, ref unused); // what fails here shows again when the connection is driven
    }

    private static byte[] WithClose(byte[] ready)
    {
        int lineEnd = ready.AsSpan().IndexOf("\r\n"u8) + 2;
        return [.. ready.AsSpan(0, lineEnd), .. Encoding.ASCII.GetBytes("Connection: close\r\n"), .. ready.AsSpan(lineEnd)];
    }

    private Progress Send(ServerConnection connection, ref long done)
    {
        while (connection.Busy)
        {
            if (connection.OutputAt == connection.OutputEnd) NextPart(connection);

            int sent = TcpSocket.Send(connection.Descriptor, connection.Output.AsSpan(connection.OutputAt, connection.OutputEnd - connection.OutputAt));
            if (sent < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Libc.Interrupted) continue;
                return error == Libc.WouldBlock ? Progress.Blocked : Progress.Failed;
            }

            connection.OutputAt += sent;
            done += sent;
            if (done > MostPerTurn) return Progress.Made;
        }

        return Progress.Made;
    }

    private void NextPart(ServerConnection connection)
    {
        if (!connection.StreamChunked)
        {
            // Parts begin at whole blocks because every block but the last is sent to its end.
            connection.Output = Pattern.Block;
            connection.OutputAt = 0;
            connection.OutputEnd = (int)Math.Min(connection.StreamLeft, Pattern.Block.Length);
            connection.StreamLeft -= connection.OutputEnd;
            return;
        }

        int content = (int)Math.Min(connection.StreamLeft, ChunkBytes - (ChunkBytes % 26));
        connection.StreamLeft -= content;
        string last = connection.StreamLeft == 0 ? "\r\n0\r\n\r\n" : "\r\n";
        byte[] part = [.. Encoding.ASCII.GetBytes($"{content:x}\r\n"), .. Pattern.Block.AsSpan(0, content), .. Encoding.ASCII.GetBytes(last)];
        connection.Output = part;
        connection.OutputAt = 0;
        connection.OutputEnd = part.Length;
    }

    private enum Progress
    {
        Made,
        Blocked,
        Failed,
    }
}
